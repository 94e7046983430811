package clawster.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process if it does not end by itself: whatever it waits for, its parent waits for it,
 * and will kill it without a word.
 */
final class LastResort {

  /** What a process that did not end in time ends with. */
  static final int CODE = 76;

  /** From the signal on; half a minute of it belongs to answers that go on. */
  static final Duration PATIENCE = Duration.ofSeconds(34);

  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private LastResort() {}

  /** Returns at once; the process ends with {@link #CODE} unless it has ended by then. */
  static void after(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    Thread.ofPlatform().name("last-resort").daemon().start(() -> end(end, patience));
  }

  private static void end(long end, Duration patience) {
    for (long left = patience.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    LOG.error(
        "This node has not stopped within {} s and ends now, with code {}",
        patience.toSeconds(),
        CODE);
    Runtime.getRuntime().halt(CODE);
  }
}
