package clawster.runtime.packages;

import java.time.Duration;
import java.time.Instant;

/**
 * A look at the packages of one kind.
 *
 * @param inventory what it showed
 * @param revision what was declared when it began: of later declarations it says nothing
 * @param at when it ended
 * @param missed how many looks in a row, this one included, did not show what is there
 */
record Look(Inventory inventory, long revision, Instant at, int missed) {

  /** Whoever changes something without us is found out by then. */
  private static final Duration EVERY = Duration.ofMinutes(10);

  /** Before anything is done, somebody else may just have done it. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  boolean isFresh(Instant now) {
    return now.isBefore(at.plus(FRESH));
  }

  /** Whether it is time for another one, though nothing has happened. */
  boolean isOld(Instant now) {
    return !now.isBefore(at.plus(missed == 0 ? EVERY : Pauses.TO_LOOK.after(missed)));
  }
}
