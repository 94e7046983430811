package clawster.runtime.sessions;

import java.util.Locale;

/** How a tool call ended. */
public enum ToolOutcome {
  OK,
  ERROR,
  /** The node died between start and result: it may have happened or not. */
  UNKNOWN,
  /** Never started, or its result was never given. */
  CANCELLED;

  /** As a run log says it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
