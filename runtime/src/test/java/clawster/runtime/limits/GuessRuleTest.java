package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuessRuleTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final GuessRule LOCKING = new GuessRule(true);
  private static final GuessRule DELAYING = new GuessRule(false);

  private static Guesses guessed(GuessRule rule, int times, Duration apart) {
    var guesses = Guesses.NONE;
    for (int i = 0; i < times; i++) {
      guesses = rule.after(guesses, NOON.plus(apart.multipliedBy(i)));
    }
    return guesses;
  }

  private static Verdict verdict(GuessRule rule, Guesses guesses, Duration later) {
    return rule.verdict(guesses, NOON.plus(later));
  }

  @Test
  void theTenthWithinAMinuteLocks() {
    var nine = guessed(LOCKING, 9, Duration.ofSeconds(1));
    assertEquals(Verdict.OPEN, verdict(LOCKING, nine, Duration.ofSeconds(9)));
    var ten = LOCKING.after(nine, NOON.plusSeconds(9));
    assertEquals(
        new Verdict.Locked(Duration.ofMinutes(5)), verdict(LOCKING, ten, Duration.ofSeconds(9)));
    assertEquals(
        new Verdict.Locked(Duration.ofSeconds(1)), verdict(LOCKING, ten, Duration.ofSeconds(308)));
    assertEquals(Verdict.OPEN, verdict(LOCKING, ten, Duration.ofSeconds(309)));
  }

  @ParameterizedTest
  @CsvSource({"6000, true", "6666, true", "6667, false", "7000, false", "60000, false"})
  void onlyThoseOfAMinuteCount(long millisApart, boolean locked) {
    var apart = Duration.ofMillis(millisApart);
    var guesses = guessed(LOCKING, 10, apart);
    var verdict = verdict(LOCKING, guesses, apart.multipliedBy(9));
    assertEquals(locked, verdict instanceof Verdict.Locked);
  }

  @Test
  void guessingOnNeitherProlongsALockNorIsForgottenAfterIt() {
    var locked = guessed(LOCKING, 10, Duration.ZERO);
    assertEquals(locked, LOCKING.after(locked, NOON.plusSeconds(299)));
    var again = LOCKING.after(locked, NOON.plusSeconds(300));
    assertEquals(Verdict.OPEN, verdict(LOCKING, again, Duration.ofSeconds(300)));
    assertEquals(1, again.times().size());
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0",
    "10, 250",
    "11, 500",
    "12, 1000",
    "13, 2000",
    "14, 4000",
    "15, 4000",
    "500, 4000"
  })
  void whereNobodyIsLockedOutTheyWaitLonger(int times, long millis) {
    var verdict = verdict(DELAYING, guessed(DELAYING, times, Duration.ZERO), Duration.ZERO);
    assertEquals(
        millis == 0 ? Verdict.OPEN : new Verdict.Delayed(Duration.ofMillis(millis)), verdict);
  }

  @Test
  void whoPausesForAMinuteDoesNotWait() {
    var guesses = guessed(DELAYING, 50, Duration.ZERO);
    assertTrue(verdict(DELAYING, guesses, Duration.ofSeconds(59)) instanceof Verdict.Delayed);
    assertEquals(Verdict.OPEN, verdict(DELAYING, guesses, Duration.ofSeconds(60)));
  }

  @Test
  void whatIsRememberedIsBounded() {
    assertEquals(14, guessed(DELAYING, 1_000, Duration.ofMillis(1)).times().size());
    assertEquals(10, guessed(LOCKING, 1_000, Duration.ofMillis(1)).times().size());
  }

  /** The setting was changed since: they wait, as if it had never locked. */
  @Test
  void aLockCountsOnlyWhereAddressesAreLocked() {
    var guesses = guessed(LOCKING, 10, Duration.ZERO);
    for (long millis : new long[] {250, 500, 1_000, 2_000, 4_000, 4_000}) {
      assertEquals(
          new Verdict.Delayed(Duration.ofMillis(millis)),
          verdict(DELAYING, guesses, Duration.ZERO));
      guesses = DELAYING.after(guesses, NOON);
    }
    assertTrue(verdict(LOCKING, guesses, Duration.ofSeconds(299)) instanceof Verdict.Locked);
    assertEquals(Verdict.OPEN, verdict(DELAYING, guesses, Duration.ofSeconds(60)));
  }
}
