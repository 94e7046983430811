package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.models.ModelFailure.Kind;
import clawster.runtime.models.RetryRule.Decision;
import clawster.runtime.models.RetryRule.Fault;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryRuleTest {

  private final RetryRule rule = RetryRule.DEFAULT;

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 529})
  void whatPassesIsTriedAgain(int status) {
    assertEquals(waits(250), rule.decide(status(status), 1, Duration.ZERO, 0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED",
    "404, REFUSED",
    "413, REFUSED",
    "422, REFUSED",
    "301, REFUSED",
    "402, REFUSED",
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED",
    "501, UNAVAILABLE",
    "505, UNAVAILABLE"
  })
  void whatDoesNotPassIsNotTriedAgain(int status, Kind kind) {
    assertEquals(
        new Decision.GiveUp(kind, Optional.empty()),
        rule.decide(status(status), 1, Duration.ZERO, 0.5));
  }

  @ParameterizedTest
  @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 4000", "5, 8000", "6, 8000", "9, 8000"})
  void theWaitDoublesUpToABound(int attempt, long boundMillis) {
    assertEquals(waits(boundMillis / 2), rule.decide(status(503), attempt, Duration.ZERO, 0.5));
    assertEquals(waits(0), rule.decide(status(503), attempt, Duration.ZERO, 0));
  }

  @ParameterizedTest
  @CsvSource({"429, OVERLOADED", "529, OVERLOADED", "503, UNAVAILABLE"})
  void attemptsAndTimeRunOut(int status, Kind kind) {
    var givenUp = new Decision.GiveUp(kind, Optional.empty());
    assertEquals(givenUp, rule.decide(status(status), 10, Duration.ZERO, 0.5));
    assertEquals(givenUp, rule.decide(status(status), 3, Duration.ofMillis(29_900), 0.5));
  }

  @Test
  void aBrokenConnectionIsTriedAgainAtOnceAndThenAfterAWait() {
    assertEquals(waits(0), rule.decide(new Fault.Broken(), 1, Duration.ZERO, 0.5));
    assertEquals(waits(500), rule.decide(new Fault.Broken(), 2, Duration.ZERO, 0.5));
    assertEquals(
        new Decision.GiveUp(Kind.UNAVAILABLE, Optional.empty()),
        rule.decide(new Fault.Broken(), 10, Duration.ZERO, 0.5));
  }

  @Test
  void whereNobodyListensItIsTriedAgainForAShortWhileOnly() {
    var fault = new Fault.Unreachable();
    assertEquals(waits(250), rule.decide(fault, 1, Duration.ZERO, 0.5));
    assertEquals(waits(1_000), rule.decide(fault, 3, Duration.ofSeconds(2), 0.5));
    assertEquals(
        new Decision.GiveUp(Kind.UNAVAILABLE, Optional.empty()),
        rule.decide(fault, 4, Duration.ofMillis(3_001), 0.5));
  }

  @Test
  void whatTheUpstreamAskedForIsWaited() {
    assertEquals(waits(7_000), rule.decide(asking(429, 7), 1, Duration.ZERO, 0.5));
    assertEquals(waits(30_000), rule.decide(asking(429, 30), 1, Duration.ZERO, 0.5));
  }

  @Test
  void askingForNoWaitDoesNotMakeUsHurry() {
    assertEquals(waits(250), rule.decide(asking(429, 0), 1, Duration.ZERO, 0.5));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void askingForMoreThanIsLeftEndsItAtOnce(int status) {
    assertEquals(
        new Decision.GiveUp(Kind.OVERLOADED, Optional.of(Duration.ofSeconds(21))),
        rule.decide(asking(status, 21), 1, Duration.ofSeconds(10), 0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after, 3, 3000",
    "retry-after, 0.5, 500",
    "retry-after-ms, 250, 250",
    "retry-after, 'Fri, 02 Jan 2026 03:04:15 GMT', 10000",
    "retry-after, 'Fri, 02 Jan 2026 03:04:00 GMT', 0",
    "retry-after, soon, -1",
    "retry-after, -5, -1",
    "retry-after, NaN, -1",
    "retry-after, 1e300, -1"
  })
  void theWaitIsReadHoweverItIsWritten(String header, String value, long millis) {
    var headers = HttpHeaders.of(Map.of(header, List.of(value)), (_, _) -> true);
    var expected = millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    assertEquals(expected, RetryAfter.of(headers, Instant.parse("2026-01-02T03:04:05Z")));
  }

  private static Decision waits(long millis) {
    return new Decision.Wait(Duration.ofMillis(millis));
  }

  private static Fault status(int code) {
    return new Fault.Status(code, Optional.empty());
  }

  private static Fault asking(int code, int seconds) {
    return new Fault.Status(code, Optional.of(Duration.ofSeconds(seconds)));
  }
}
