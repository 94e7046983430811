package clawster.faults;

/** A broken promise, and where. */
record Defect(Kind kind, String what) {

  enum Kind {
    /** Acknowledged, and not in the history. */
    LOST,
    /** The same message twice. */
    DOUBLED,
    /** Behind a message that was sent after it was acknowledged. */
    REORDERED,
    /** In the history, and never sent; or refused, and there. */
    PHANTOM,
    TWO_ANSWERS,
    /** A run that has no end, or more than one. */
    NOT_ONE_END,
    /** A tool took effect twice for one call, or for a call nobody intended. */
    EFFECT,
    /** A call that is said to have ended well and never took effect, or has two results. */
    RESULT,
    /** What a caller was told is not what is stored. */
    TRANSCRIPT,
    /** A listener missed an event, or heard it twice, or in disorder. */
    EVENTS,
    /** Rows of the journal or of a run log are not dense. */
    GAP,
    /** The API and the journal do not say the same. */
    DISAGREEMENT
  }

  @Override
  public String toString() {
    return kind + ": " + what;
  }
}
