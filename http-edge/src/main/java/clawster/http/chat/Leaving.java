package clawster.http.chat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** What happens when a caller leaves before the answer's end. */
final class Leaving {

  private Leaving() {}

  /**
   * Does {@code then} once {@code grace} has passed after a stream was cancelled or failed, not
   * after its end.
   */
  static void after(
      CompletionStage<Done> stream, Duration grace, ActorSystem<?> system, Runnable then) {
    stream.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            system.scheduler().scheduleOnce(grace, then, system.executionContext());
          }
        });
  }
}
