package clawster.pkghelper;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does, and not for ever. */
final class Await {

  private static final long NANOS = 30_000_000_000L;

  private Await() {}

  static void until(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + NANOS;
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end || Thread.interrupted()) {
          throw new AssertionError("it did not happen: " + what);
        }
        LockSupport.parkNanos(1_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
