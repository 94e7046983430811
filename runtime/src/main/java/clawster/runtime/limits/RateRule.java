package clawster.runtime.limits;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket that fills evenly, {@code perMinute} a minute. It is kept as the one moment at
 * which it is full again ({@code fullAt}); a bucket nobody has used is full.
 *
 * <p>It holds five tokens, or those of a second where that is more, so that a client that asks a
 * few things at once is not refused; at sixty a minute that is the tenth by which a first minute
 * may go over.
 *
 * <p>Nodes take tokens in batches, of a tenth of a second, so that a busy bucket costs ten
 * questions a second and node, and a batch that is left over is soon made good.
 */
public record RateRule(int perMinute) {

  /** What a bucket may give in a minute at most: its times are kept by the microsecond. */
  public static final int MOST = 600_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  public RateRule {
    if (perMinute < 1 || perMinute > MOST) {
      throw new IllegalArgumentException(perMinute + " a minute");
    }
  }

  /**
   * @param granted how many tokens, none or up to those asked for
   * @param fullAt of the bucket without them
   * @param again in how long a batch is there, and it is worth asking
   */
  public record Grant(int granted, Instant fullAt, Duration again) {}

  int capacity() {
    return Math.max(5, (perMinute + 59) / 60);
  }

  int batch() {
    return Math.max(1, perMinute / 600);
  }

  private Duration each() {
    return MINUTE.dividedBy(perMinute);
  }

  /**
   * A bucket is never emptier than empty: a clock that is set back costs its users no more than the
   * filling of one bucket, and one that is set forward gives them no more than that.
   */
  public Grant take(Instant fullAt, int asked, Instant now) {
    var empty = now.plus(each().multipliedBy(capacity()));
    var full = fullAt.isBefore(now) ? now : fullAt.isAfter(empty) ? empty : fullAt;
    int there = (int) Duration.between(full, empty).dividedBy(each());
    int granted = Math.min(asked, there);
    var left = full.plus(each().multipliedBy(granted));
    var again = Duration.between(empty.minus(each().multipliedBy(batch())), left);
    return new Grant(granted, left, again.isNegative() ? Duration.ZERO : again);
  }
}
