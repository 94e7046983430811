package clawster.persistence;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread or PostgreSQL does, and not for ever. */
public final class Await {

  private static final long NANOS = 20_000_000_000L;

  private Await() {}

  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > end || Thread.interrupted()) {
        throw new AssertionError("it did not happen: " + what);
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
