package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.limits.Quota.Minute;
import clawster.runtime.limits.Quota.UsedUp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class QuotaTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Minute before(Duration time, int runs) {
    return new Minute(NOON.minus(time).truncatedTo(ChronoUnit.MINUTES), runs);
  }

  private static Minute before(int minutes, int runs) {
    return before(Duration.ofMinutes(minutes), runs);
  }

  @Test
  void soManyMayBeginAndNoMore() {
    var quota = new Quota(3, 0, 0);
    assertEquals(Optional.empty(), quota.usedUp(List.of(), NOON));
    assertEquals(Optional.empty(), quota.usedUp(List.of(before(5, 1), before(6, 1)), NOON));
    assertTrue(quota.usedUp(List.of(before(5, 1), before(6, 2)), NOON).isPresent());
  }

  @Test
  void aMinuteCountsUntilAllOfItIsPast() {
    var quota = new Quota(1, 0, 0);
    assertTrue(quota.usedUp(List.of(before(60, 1)), NOON).isPresent());
    assertEquals(Optional.empty(), quota.usedUp(List.of(before(61, 1)), NOON));
  }

  /** Of three, the middle one is the one that has to go: the newest alone is one too few. */
  @Test
  void itSaysWhenThereIsOneAgain() {
    var quota = new Quota(2, 0, 0);
    var minutes = List.of(before(10, 1), before(20, 1), before(30, 1));
    assertEquals(
        Optional.of(new UsedUp(Span.HOUR, 2, Duration.ofMinutes(41))), quota.usedUp(minutes, NOON));
    var later = NOON.plus(Duration.ofMinutes(41));
    assertEquals(Optional.empty(), quota.usedUp(minutes, later));
    assertTrue(quota.usedUp(minutes, later.minusMillis(1)).isPresent());
  }

  @Test
  void theLongestWaitCounts() {
    var minutes = List.of(before(59, 2), before(Duration.ofDays(6), 8));
    assertEquals(Span.DAY, new Quota(2, 2, 0).usedUp(minutes, NOON).orElseThrow().span());
    assertEquals(Span.WEEK, new Quota(2, 2, 10).usedUp(minutes, NOON).orElseThrow().span());
    assertEquals(Span.HOUR, new Quota(2, 3, 11).usedUp(minutes, NOON).orElseThrow().span());
  }

  @Test
  void zeroIsNoLimit() {
    assertFalse(Quota.NONE.isSet());
    assertEquals(Optional.empty(), Quota.NONE.usedUp(List.of(before(0, 1_000_000)), NOON));
    assertTrue(new Quota(0, 0, 1).isSet());
    assertThrows(IllegalArgumentException.class, () -> new Quota(-1, 0, 0));
  }

  @Test
  void sumsAreEnoughToSayWhetherOneMayBegin() {
    var quota = new Quota(2, 0, 5);
    assertTrue(quota.allows(new RunCounts.Used("a", 1, 9, 4)), "a day has no limit");
    assertFalse(quota.allows(new RunCounts.Used("a", 2, 2, 2)));
    assertFalse(quota.allows(new RunCounts.Used("a", 0, 5, 5)));
    assertTrue(Quota.NONE.allows(new RunCounts.Used("a", 9, 9, 9)));
  }

  @Test
  void itReachesBackAsFarAsItsLongestSpan() {
    assertEquals(NOON.minus(Duration.ofMinutes(61)), new Quota(1, 0, 0).reach(NOON));
    assertEquals(NOON.minus(Duration.ofDays(7)).minusSeconds(60), new Quota(1, 0, 1).reach(NOON));
  }

  /** Whatever comes when: never more within an hour, and whoever waits as told is let in. */
  @Test
  void nobodyBeginsMoreWithinAnySpan() {
    var random = new Random(7);
    var quota = new Quota(5, 0, 0);
    var begun = new ArrayDeque<Instant>();
    var minutes = new ArrayList<Minute>();
    var now = NOON;
    for (int i = 0; i < 5_000; i++) {
      now = now.plusSeconds(random.nextInt(1_200));
      var usedUp = quota.usedUp(minutes, now);
      if (usedUp.isPresent() && random.nextBoolean()) {
        now = now.plus(usedUp.get().left());
        usedUp = quota.usedUp(minutes, now);
        assertEquals(Optional.empty(), usedUp);
      }
      if (usedUp.isEmpty()) {
        count(minutes, now);
        begun.addLast(now);
        var hourAgo = now.minus(Duration.ofHours(1));
        begun.removeIf(time -> !time.isAfter(hourAgo));
        assertTrue(begun.size() <= 5, begun.toString());
      }
    }
  }

  private static void count(List<Minute> minutes, Instant now) {
    var minute = now.truncatedTo(ChronoUnit.MINUTES);
    if (!minutes.isEmpty() && minutes.getFirst().begin().equals(minute)) {
      minutes.set(0, new Minute(minute, minutes.getFirst().runs() + 1));
    } else {
      minutes.addFirst(new Minute(minute, 1));
    }
  }
}
