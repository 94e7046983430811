package clawster.stories;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks again until it is so, for what can be seen from outside only. */
public final class Await {

  private static final Duration SOON = Duration.ofSeconds(15);

  private Await() {}

  public static void until(String what, BooleanSupplier so) {
    until(what, SOON, so);
  }

  public static void until(String what, Duration within, BooleanSupplier so) {
    long end = System.nanoTime() + within.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + within.toMillis() + " ms: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
