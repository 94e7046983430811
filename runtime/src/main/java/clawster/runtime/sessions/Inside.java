package clawster.runtime.sessions;

import clawster.runtime.tools.ToolResult;

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

  /** The journal has been read. */
  record Recovered() implements Inside {}

  /** The journal cannot be read, and will not be before somebody mends it. */
  record NotReadable(String reason) implements Inside {}

  /** The number of the journal's last event is known, so that more can be written behind it. */
  record Bury() implements Inside {}

  /**
   * What could not be read is gone.
   *
   * @param done whether all of it; else it may still be unreadable
   */
  record Buried(boolean done) implements Inside {}

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
