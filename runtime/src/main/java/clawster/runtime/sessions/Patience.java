package clawster.runtime.sessions;

import clawster.runtime.sessions.SessionState.Open;
import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Input waits for the results of the client's calls for a while, and then goes on without. */
final class Patience {

  private final ActorContext<SessionMessage> context;
  private final Duration results;
  private Cancellable end = Cancellable.alreadyCancelled();

  Patience(ActorContext<SessionMessage> context, Duration results) {
    this.context = context;
    this.results = results;
  }

  /** {@link Inside.HeldUp} comes unless the session is seen to go on before that. */
  void look(SessionState state) {
    boolean heldUp = state instanceof Open open && open.isHeldUp();
    if (!heldUp) {
      end.cancel();
    } else if (end.isCancelled()) {
      end = context.scheduleOnce(results, context.getSelf(), new Inside.HeldUp());
    }
  }

  void end() {
    end.cancel();
  }
}
