package clawster.runtime.sessions;

import clawster.runtime.tools.ToolResult;
import org.apache.pekko.actor.typed.ActorRef;

/** What only a session's entity is told, by itself and by what works for it. */
sealed interface Inside extends SessionMessage {

  /** What came of something; it concerns the incarnation of the entity that had it done. */
  sealed interface Report extends Inside {

    /** What works for that incarnation, and for no other. */
    SessionWork by();
  }

  record TurnEnded(SessionWork by, Owed.ModelCall call, ModelTurn.Outcome outcome)
      implements Report {}

  record ToolEnded(SessionWork by, Owed.ToolRun call, ToolResult result) implements Report {}

  /** What the doorkeeper is told by whom he let in; of one that he put out he hears no more. */
  sealed interface Word extends Inside {

    ActorRef<SessionMessage> by();
  }

  /** The journal has been read. */
  record Readable(ActorRef<SessionMessage> by) implements Word {}

  /** The journal cannot be read, and will not be before somebody mends it. */
  record NotReadable(ActorRef<SessionMessage> by, String reason) implements Word {}

  /** The number of the journal's last event is known, so that more can be written behind it. */
  record Bury() implements Inside {}

  /**
   * What could not be read is gone.
   *
   * @param done whether all of it; else it may still be unreadable
   */
  record Buried(ActorRef<SessionMessage> by, boolean done) implements Word {}

  /**
   * The journal has been read, and who owns the session now may be claimed. What waited for the one
   * that read it before, and for nothing else, has its turn.
   */
  record Recovered(SessionWork by) implements Report {}

  /** The logs of all open runs are ours. */
  record LogsClaimed(SessionWork by, SessionOutput.Claimed claimed) implements Report {}

  record ClaimFailed(SessionWork by, Throwable why) implements Report {}

  record Idle() implements Inside {}

  /** Input has waited long enough for the results of the client's calls. */
  record HeldUp() implements Inside {}

  /**
   * A submit that the session may have forgotten.
   *
   * @param accepted whether it was accepted before
   */
  record Recalled(SessionMessage.Submit submit, boolean accepted) implements Inside {}
}
