package clawster.faults;

import java.time.Duration;
import java.util.List;

/**
 * When a trial's load began and ended, and when the last fault was over: nanoseconds on this
 * machine's clock, as in {@link Op}.
 *
 * @param over everything had been done to the cluster, and everything was whole again
 * @param ended no new messages from here on
 */
record Course(long began, long over, long ended) {

  /** Of messages sent by hand: nothing is known of faults, so nothing comes after them. */
  static Course of(List<Op> ops) {
    long began = ops.stream().mapToLong(Op::began).min().orElse(0);
    long ended = ops.stream().mapToLong(Op::ended).max().orElse(0);
    return new Course(began, ended, ended);
  }

  /** The longest time in which nothing was acknowledged, from the first message to the end. */
  Duration longestSilence(List<Op> ops) {
    var ends = ops.stream().filter(Op::isAcknowledged).mapToLong(Op::ended).sorted().toArray();
    long longest = 0;
    long last = began;
    for (long end : ends) {
      longest = Math.max(longest, end - last);
      last = end;
    }
    return Duration.ofNanos(Math.max(longest, ended - last));
  }

  /** Sent and acknowledged when nothing was wrong any more. */
  boolean isServedAfterwards(Op op) {
    return op.isAcknowledged() && op.began() >= over;
  }
}
