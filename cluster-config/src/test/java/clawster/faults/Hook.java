package clawster.faults;

/**
 * A line of the product where something may happen. It is the beginning of a method: what the
 * method does has not been done when the hook is reached.
 */
record Hook(String name, String type, String method) {

  private static final String SESSIONS = "clawster.runtime.sessions.";

  /** A session has been given new input and has not looked at it. */
  static final Hook RECEIVED = new Hook("received", SESSIONS + "SessionEntity", "submit");

  /** Events are decided; the first thing that happens to them. */
  static final Hook DECIDED = new Hook("decided", SESSIONS + "SessionEntity", "apply");

  /** Events are on their way into the database. */
  static final Hook BEFORE_PERSIST =
      new Hook(
          "before-persist",
          "org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal",
          "asyncWriteMessages");

  /** Events are in the database, and nobody has heard of them. */
  static final Hook PERSISTED = new Hook("persisted", SESSIONS + "SessionOutput", "follow");

  /** A tool call is intended, for ever, and the tool has not started. */
  static final Hook TOOL_START = new Hook("tool-start", SESSIONS + "SessionWork", "runTool");

  /** A snapshot is to be written. */
  static final Hook SNAPSHOT =
      new Hook(
          "snapshot", "org.apache.pekko.persistence.jdbc.snapshot.JdbcSnapshotStore", "saveAsync");

  /** A tool has done what it does, and nobody has heard of it. Reached by the tool itself. */
  static final Hook TOOL_DONE = new Hook(LedgerTool.DONE, "", "");
}
