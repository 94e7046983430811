package clawster.runtime.sessions;

import clawster.runtime.sessions.SessionState.Open;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Input waits for the results of the client's calls for a while, and then goes on without. */
final class Patience {

  private final ActorContext<SessionMessage> context;
  private final Duration results;

  /** Until it has come or is not wanted any more. */
  private Optional<Cancellable> end = Optional.empty();

  Patience(ActorContext<SessionMessage> context, Duration results) {
    this.context = context;
    this.results = results;
  }

  /** {@link Inside.HeldUp} comes unless the session is seen to go on before that. */
  void look(SessionState state) {
    boolean heldUp = state instanceof Open open && open.isHeldUp();
    if (!heldUp) {
      end();
    } else if (end.isEmpty()) {
      end = Optional.of(context.scheduleOnce(results, context.getSelf(), new Inside.HeldUp()));
    }
  }

  void end() {
    end.ifPresent(Cancellable::cancel);
    end = Optional.empty();
  }
}
