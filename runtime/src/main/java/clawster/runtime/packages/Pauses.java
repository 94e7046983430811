package clawster.runtime.packages;

import java.time.Duration;

/**
 * How long to wait before something is tried again: twice as long each time.
 *
 * @param first after the first time
 * @param most after many
 */
record Pauses(Duration first, Duration most) {

  /** Before a package is installed or removed again. */
  static final Pauses TO_TRY = new Pauses(Duration.ofSeconds(10), Duration.ofHours(1));

  /** Before somebody who did not answer is asked again what is there. */
  static final Pauses TO_LOOK = new Pauses(Duration.ofSeconds(10), Duration.ofMinutes(1));

  /** Beyond that many doublings any first pause is more than any longest. */
  private static final int DOUBLINGS = 30;

  Duration after(int times) {
    var pause = first.multipliedBy(1L << Math.clamp(times - 1, 0, DOUBLINGS));
    return pause.compareTo(most) < 0 ? pause : most;
  }
}
