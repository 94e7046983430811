package clawster.runtime.limits;

import java.time.Duration;

/** Over what a quota counts: the last hour, the last day or the last week. */
public enum Span {
  HOUR(1),
  DAY(24),
  WEEK(7 * 24);

  private final int hours;

  Span(int hours) {
    this.hours = hours;
  }

  public int hours() {
    return hours;
  }

  public Duration length() {
    return Duration.ofHours(hours);
  }
}
