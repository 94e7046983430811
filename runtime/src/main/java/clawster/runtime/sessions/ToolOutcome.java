package clawster.runtime.sessions;

/** How a tool call ended. */
public enum ToolOutcome {
  OK,
  ERROR,
  /** The node died between start and result: it may have happened or not. */
  UNKNOWN,
  /** Never started, or its result was never given. */
  CANCELLED
}
