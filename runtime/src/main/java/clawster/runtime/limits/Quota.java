package clawster.runtime.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many runs a caller may begin within an hour, a day and a week, wherever those begin; 0 for
 * any number.
 *
 * <p>Runs are counted by the minute. A minute counts until all of it is past, so nobody ever begins
 * more than that, and a run counts for a minute too long at most.
 */
public record Quota(int hour, int day, int week) {

  public static final Quota NONE = new Quota(0, 0, 0);

  /** What a span may be limited to. */
  public static final int MOST = 10_000_000;

  static final Duration MINUTE = Duration.ofMinutes(1);

  public Quota {
    if (Stream.of(hour, day, week).anyMatch(most -> most < 0 || most > MOST)) {
      throw new IllegalArgumentException("runs " + hour + ", " + day + ", " + week);
    }
  }

  /** How many runs began within one minute. */
  public record Minute(Instant begin, int runs) {}

  /**
   * @param left until there is one again
   */
  public record UsedUp(Span span, int most, Duration left) {}

  public int most(Span span) {
    return switch (span) {
      case HOUR -> hour;
      case DAY -> day;
      case WEEK -> week;
    };
  }

  public boolean isSet() {
    return Stream.of(Span.values()).anyMatch(this::limits);
  }

  private boolean limits(Span span) {
    return most(span) > 0;
  }

  /** Whether none of that is as much as may be; if it is, {@link #usedUp} says for how long. */
  public boolean allows(RunCounts.Used used) {
    return Stream.of(Span.values())
        .filter(this::limits)
        .allMatch(span -> used.of(span) < most(span));
  }

  /** When the oldest minute began that may matter now. */
  public Instant reach(Instant now) {
    var longest = Stream.of(Span.values()).filter(this::limits).max(Comparator.naturalOrder());
    return begin(longest.orElse(Span.HOUR), now);
  }

  /** When the oldest minute began that still counts, or just does not any more. */
  public static Instant begin(Span span, Instant now) {
    return now.minus(span.length()).minus(MINUTE);
  }

  /**
   * Whether no more may begin now, and for how long; empty if one may.
   *
   * @param minutes of one caller, the newest first
   */
  public Optional<UsedUp> usedUp(List<Minute> minutes, Instant now) {
    return Stream.of(Span.values())
        .filter(this::limits)
        .flatMap(span -> usedUp(span, minutes, now).stream())
        .max(Comparator.comparing(UsedUp::left));
  }

  /** There is one again when the newest minutes that are too many with it are left alone. */
  private Optional<UsedUp> usedUp(Span span, List<Minute> minutes, Instant now) {
    var begin = begin(span, now);
    long runs = 0;
    for (var minute : minutes) {
      if (!minute.begin().isAfter(begin)) {
        break;
      }
      runs += minute.runs();
      if (runs >= most(span)) {
        return Optional.of(new UsedUp(span, most(span), Duration.between(begin, minute.begin())));
      }
    }
    return Optional.empty();
  }
}
