package clawster.runtime.models;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The wait an upstream asks for, in any of the three ways they write it. An unreadable one is none.
 */
final class RetryAfter {

  private RetryAfter() {}

  static Optional<Duration> of(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("retry-after-ms")
        .flatMap(value -> number(value, 1))
        .or(
            () ->
                headers
                    .firstValue("retry-after")
                    .flatMap(value -> number(value, 1_000).or(() -> date(value, now))));
  }

  private static Optional<Duration> number(String value, long millisPerUnit) {
    try {
      var millis = Double.parseDouble(value.strip()) * millisPerUnit;
      return millis >= 0 && millis < Integer.MAX_VALUE * 1_000.0
          ? Optional.of(Duration.ofMillis((long) Math.ceil(millis)))
          : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String value, Instant now) {
    try {
      var due =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
