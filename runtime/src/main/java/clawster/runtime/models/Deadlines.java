package clawster.runtime.models;

import java.time.Duration;

/**
 * How long an answer may take. Only what belongs to the answer counts as a sign of life: comments,
 * pings and half-sent lines do not.
 *
 * @param firstToken from the call, all retries included, to the first piece of the answer
 * @param idle between two pieces after that, while somebody is waiting for the next one
 * @param total from the call to the end of the answer
 */
public record Deadlines(Duration firstToken, Duration idle, Duration total) {

  public static final Deadlines DEFAULT =
      new Deadlines(Duration.ofSeconds(120), Duration.ofSeconds(60), Duration.ofMinutes(15));

  public Deadlines {
    for (var deadline : new Duration[] {firstToken, idle, total}) {
      if (!deadline.isPositive()) {
        throw new IllegalArgumentException("a deadline must be positive, not " + deadline);
      }
    }
  }
}
