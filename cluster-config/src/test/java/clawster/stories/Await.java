package clawster.stories;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks again until it is so, for what can be seen from outside only. Who cannot answer now, since a
 * busy machine keeps a node from what it has to know, say, is asked again as well.
 */
public final class Await {

  private static final Duration SOON = Duration.ofSeconds(15);

  private Await() {}

  public static void until(String what, BooleanSupplier so) {
    until(what, SOON, so);
  }

  public static void until(String what, Duration within, BooleanSupplier so) {
    long end = System.nanoTime() + within.toNanos();
    while (true) {
      Throwable failure = null;
      try {
        if (so.getAsBoolean()) {
          return;
        }
      } catch (AssertionError | UncheckedIOException e) {
        failure = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + within.toMillis() + " ms: " + what, failure);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
