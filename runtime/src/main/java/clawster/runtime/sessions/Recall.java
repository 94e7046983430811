package clawster.runtime.sessions;

import clawster.runtime.runs.RunLog;
import clawster.runtime.sessions.SessionState.Absent;
import clawster.runtime.sessions.SessionState.Open;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whether a run was accepted before all that its session remembers. A node that slept may say again
 * what was answered long ago, and what was refused may come again late: the run's log tells one
 * from the other.
 */
final class Recall {

  private final RunLog log;

  Recall(RunLog log) {
    this.log = log;
  }

  /**
   * @param revision journal sequence of the session's last event
   */
  static boolean isNeededFor(SessionState state, long revision, SessionCommand.Submit command) {
    return switch (state) {
      case Open open -> open.mayHaveForgotten(command.run());
      case Absent _ -> revision > 0;
    };
  }

  /** Tells {@code to} {@link Inside.Recalled}, or if it cannot be known, whoever asked. */
  void look(SessionMessage.Submit message, ActorRef<SessionMessage> to) {
    log.read(message.command().run(), 0, 1)
        .whenComplete(
            (entries, failure) -> {
              if (failure == null) {
                to.tell(new Inside.Recalled(message, !entries.isEmpty()));
              } else {
                message.replyTo().tell(new SessionMessage.Refused(SessionProblems.UNAVAILABLE));
              }
            });
  }
}
