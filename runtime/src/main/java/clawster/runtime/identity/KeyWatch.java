package clawster.runtime.identity;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a node's key ring up to date, one question at a time. */
public final class KeyWatch {

  private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

  sealed interface Command {}

  private enum Tick implements Command {
    NOW
  }

  private record Refreshed(Throwable failure) implements Command {}

  private KeyWatch() {}

  public static Behavior<?> create(KeyRing ring) {
    return Behaviors.<Command>setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Tick.NOW);
                  return Behaviors.receive(Command.class)
                      .onMessage(
                          Tick.class,
                          _ -> {
                            context.pipeToSelf(
                                ring.refresh(), (_, failure) -> new Refreshed(failure));
                            return Behaviors.same();
                          })
                      .onMessage(
                          Refreshed.class,
                          refreshed -> {
                            if (refreshed.failure() != null) {
                              LOG.debug("Keys cannot be looked at: {}", refreshed.failure());
                            }
                            timers.startSingleTimer(Tick.NOW, KeyRing.REFRESH);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
