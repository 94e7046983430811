package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;

/** Work that follows from a session's state. Equal values are the same piece of work. */
public sealed interface Owed {

  RunId run();

  /** The model is to answer. */
  record ModelCall(RunId run, int step) implements Owed {}

  /** A tool is to run. */
  record ToolRun(RunId run, int step, Call call) implements Owed {}
}
