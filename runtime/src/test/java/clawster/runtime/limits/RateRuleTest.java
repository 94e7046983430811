package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateRuleTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final RateRule SIXTY = new RateRule(60);

  @ParameterizedTest
  @CsvSource({
    "1, 5, 1",
    "60, 5, 1",
    "300, 5, 1",
    "301, 6, 1",
    "600, 10, 1",
    "1200, 20, 2",
    "6000, 100, 10",
    "600000, 10000, 1000"
  })
  void aBucketHoldsFiveOrASecondsWorthAndABatchIsATenthOfThat(
      int perMinute, int capacity, int batch) {
    var rule = new RateRule(perMinute);
    assertEquals(capacity, rule.capacity());
    assertEquals(batch, rule.batch());
  }

  @Test
  void aFullBucketGivesWhatItHoldsAndThenWaits() {
    var grant = SIXTY.take(NOON, 8, NOON);
    assertEquals(5, grant.granted());
    assertEquals(NOON.plusSeconds(5), grant.fullAt());
    assertEquals(Duration.ofSeconds(1), grant.again());
    var later = SIXTY.take(grant.fullAt(), 1, NOON.plusMillis(400));
    assertEquals(0, later.granted());
    assertEquals(Duration.ofMillis(600), later.again());
    assertEquals(1, SIXTY.take(grant.fullAt(), 5, NOON.plusMillis(1_999)).granted());
    assertEquals(2, SIXTY.take(grant.fullAt(), 5, NOON.plusMillis(2_000)).granted());
  }

  @Test
  void aBucketIsNeverMoreThanFull() {
    assertEquals(5, SIXTY.take(NOON, 500, NOON.plus(Duration.ofDays(400))).granted());
    assertEquals(5, SIXTY.take(Instant.EPOCH, 500, NOON).granted());
  }

  /** R23: a clock that jumps. */
  @Test
  void aClockSetBackCostsTheFillingOfOneBucket() {
    var full = NOON.plus(Duration.ofDays(1));
    var grant = SIXTY.take(full, 1, NOON);
    assertEquals(0, grant.granted());
    assertEquals(Duration.ofSeconds(1), grant.again());
    assertEquals(1, SIXTY.take(grant.fullAt(), 1, NOON.plusSeconds(1)).granted());
    assertEquals(5, SIXTY.take(grant.fullAt(), 9, NOON.plusSeconds(9)).granted());
  }

  @Test
  void itIsWorthAskingAgainWhenABatchIsThere() {
    var rule = new RateRule(6_000);
    var grant = rule.take(NOON, 101, NOON);
    assertEquals(100, grant.granted());
    assertEquals(Duration.ofMillis(100), grant.again());
    assertEquals(10, rule.take(grant.fullAt(), 50, NOON.plus(grant.again())).granted());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 59, 60, 61, 999, 12_345, 600_000})
  void inAMinuteItGivesWhatItSays(int perMinute) {
    var rule = new RateRule(perMinute);
    var full = NOON;
    int given = 0;
    for (int millis = 0; millis < 60_000; millis++) {
      var grant = rule.take(full, Integer.MAX_VALUE, NOON.plusMillis(millis));
      full = grant.fullAt();
      given += grant.granted();
    }
    int expected = rule.capacity() + perMinute;
    assertEquals(expected, given, Math.max(1, expected * 0.001));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 600_001})
  void thereIsNoOtherRate(int perMinute) {
    assertThrows(IllegalArgumentException.class, () -> new RateRule(perMinute));
  }
}
