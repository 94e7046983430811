package clawster.runtime.sessions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What input does when a run is going on or a client's tool result is awaited. */
public enum InputMode {
  /** Waits its turn. */
  QUEUE,
  /** Joins the run that is going on before its next model call; else is the next to have a turn. */
  STEER,
  /** Ends what is going on, then runs. */
  INTERRUPT,
  /** Is refused. */
  REJECT;

  /** As callers write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, as callers write them. */
  public static String[] words() {
    return Arrays.stream(values()).map(InputMode::word).toArray(String[]::new);
  }

  public static Optional<InputMode> of(String word) {
    return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
  }
}
