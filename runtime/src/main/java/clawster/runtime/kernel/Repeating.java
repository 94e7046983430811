package clawster.runtime.kernel;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again, never twice at once, and goes on when it fails. */
public final class Repeating {

  private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

  sealed interface Command {}

  private enum Tick implements Command {
    NOW
  }

  private record Finished(Throwable failure) implements Command {}

  private Repeating() {}

  /**
   * @param what for the log
   * @param pause from the end of one to the beginning of the next
   */
  public static Behavior<?> create(
      String what, Supplier<? extends CompletionStage<?>> action, Duration pause) {
    return Behaviors.<Command>setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Tick.NOW);
                  return Behaviors.receive(Command.class)
                      .onMessage(
                          Tick.class,
                          _ -> {
                            context.pipeToSelf(action.get(), (_, failure) -> new Finished(failure));
                            return Behaviors.same();
                          })
                      .onMessage(
                          Finished.class,
                          finished -> {
                            if (finished.failure() != null) {
                              LOG.debug("Not done, {}: {}", what, finished.failure().toString());
                            }
                            timers.startSingleTimer(Tick.NOW, pause);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
