package clawster.runtime.sessions;

import clawster.runtime.runs.RunLog;
import clawster.runtime.sessions.SessionState.Absent;
import clawster.runtime.sessions.SessionState.Open;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Whether a run was accepted before all that its session remembers. A node that slept may say again
 * what was answered long ago, and what was refused may come again late: the run's log tells one
 * from the other.
 */
final class Recall {

  private final ActorContext<SessionMessage> context;
  private final RunLog log;

  Recall(ActorContext<SessionMessage> context, RunLog log) {
    this.context = context;
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

  /** The answer comes as {@link Inside.Recalled} or {@link Inside.NotRecalled}. */
  void look(SessionMessage.Submit message) {
    context.pipeToSelf(
        log.read(message.command().run(), 0, 1),
        (entries, failure) ->
            failure == null
                ? new Inside.Recalled(message, !entries.isEmpty())
                : new Inside.NotRecalled(message));
  }
}
