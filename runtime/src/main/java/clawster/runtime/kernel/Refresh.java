package clawster.runtime.kernel;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a node remembers up to date: looks, waits, and looks again, whatever came of it. */
public final class Refresh {

  private static final Logger LOG = LoggerFactory.getLogger(Refresh.class);

  sealed interface Command {}

  private enum Tick implements Command {
    NOW
  }

  private record Looked(Throwable failure) implements Command {}

  private Refresh() {}

  /**
   * @param what is kept up to date, for the log
   * @param pause from the end of a look to the next one
   */
  public static Behavior<?> of(String what, Duration pause, Supplier<CompletionStage<Done>> look) {
    return Behaviors.<Command>setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Tick.NOW);
                  return Behaviors.receive(Command.class)
                      .onMessage(
                          Tick.class,
                          _ -> {
                            context.pipeToSelf(look.get(), (_, failure) -> new Looked(failure));
                            return Behaviors.same();
                          })
                      .onMessage(
                          Looked.class,
                          looked -> {
                            if (looked.failure() != null) {
                              LOG.debug("The {} cannot be looked at: {}", what, looked.failure());
                            }
                            timers.startSingleTimer(Tick.NOW, pause);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
