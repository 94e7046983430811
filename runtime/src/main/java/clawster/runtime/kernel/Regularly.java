package clawster.runtime.kernel;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something at once and then again and again, a while after it last came to its end, however
 * it ended.
 */
public final class Regularly {

  private static final Logger LOG = LoggerFactory.getLogger(Regularly.class);

  sealed interface Command {}

  private enum Tick implements Command {
    NOW
  }

  private record Done(Throwable failure) implements Command {}

  private Regularly() {}

  /**
   * @param what named in the log where it fails
   */
  public static Behavior<?> create(
      String what, Duration every, Supplier<? extends CompletionStage<?>> work) {
    return Behaviors.<Command>setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Tick.NOW);
                  return Behaviors.receive(Command.class)
                      .onMessage(
                          Tick.class,
                          _ -> {
                            context.pipeToSelf(work.get(), (_, failure) -> new Done(failure));
                            return Behaviors.same();
                          })
                      .onMessage(
                          Done.class,
                          done -> {
                            if (done.failure() != null) {
                              LOG.debug("Cannot {}: {}", what, done.failure().toString());
                            }
                            timers.startSingleTimer(Tick.NOW, every);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
