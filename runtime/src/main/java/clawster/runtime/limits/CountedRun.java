package clawster.runtime.limits;

import clawster.runtime.limits.RunCounts.Outcome;
import java.util.concurrent.CompletionStage;

/**
 * A run that counts once, however many requests begin it at this node. It does not count in the end
 * if all of them were refused.
 */
final class CountedRun {

  private final CompletionStage<Outcome> outcome;
  private int beginning = 1;
  private boolean begun;

  /** With one request that begins it. */
  CountedRun(CompletionStage<Outcome> outcome) {
    this.outcome = outcome;
  }

  CompletionStage<Outcome> outcome() {
    return outcome;
  }

  /** Whether one more begins it too; false if it does not count any more. */
  synchronized boolean joined() {
    boolean counts = begun || beginning > 0;
    beginning += counts ? 1 : 0;
    return counts;
  }

  /**
   * How it went for one of them. Whether that was the last one and it does not count.
   *
   * @param mayHaveBegun if not, that one was refused
   */
  synchronized boolean ended(boolean mayHaveBegun) {
    beginning--;
    begun |= mayHaveBegun;
    return beginning == 0 && !begun;
  }
}
