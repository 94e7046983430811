package clawster.http.chat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** What happens when a caller leaves before the answer's end. */
final class Leaving {

  private Leaving() {}

  /**
   * Does {@code then} once {@code grace} has passed after the caller has {@code gone}, unless the
   * answer has {@code ended} by then. How the caller went does not matter: a connection that is
   * closed cancels a stream without a failure.
   */
  static void before(
      CompletableFuture<?> ended,
      CompletionStage<?> gone,
      Duration grace,
      ActorSystem<?> system,
      Runnable then) {
    var unlessEnded = unless(ended, then);
    gone.whenComplete(
        (_, _) ->
            unless(
                    ended,
                    () ->
                        system
                            .scheduler()
                            .scheduleOnce(grace, unlessEnded, system.executionContext()))
                .run());
  }

  private static Runnable unless(CompletableFuture<?> ended, Runnable then) {
    return () -> {
      if (!ended.isDone()) {
        then.run();
      }
    };
  }
}
