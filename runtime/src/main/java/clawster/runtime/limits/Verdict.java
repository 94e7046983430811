package clawster.runtime.limits;

import java.time.Duration;

/** What becomes of somebody who has guessed. */
public sealed interface Verdict {

  /** Nothing. */
  record Open() implements Verdict {}

  /** Whoever guesses wrong again hears so after that time. */
  record Delayed(Duration by) implements Verdict {}

  /** Nothing they show is looked at for so long. */
  record Locked(Duration left) implements Verdict {}

  Verdict OPEN = new Open();
}
