package clawster.runtime.sessions;

/** What input does when a run is going on or a client's tool result is awaited. */
public enum InputMode {
  /** Waits its turn. */
  QUEUE,
  /** Ends what is going on, then runs. */
  INTERRUPT,
  /** Is refused. */
  REJECT
}
