package clawster.pkghelper;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one change may still wait for whoever listens to it: the package manager stands still
 * while a line of its progress is not taken, and a listener who takes each of them just in time
 * would stretch it until it is stopped.
 */
final class Patience {

  @FunctionalInterface
  interface Telling {
    /** False if it was not taken in time. */
    boolean isTaken(Duration within) throws IOException;
  }

  private final LongSupplier nanos;
  private Duration left = Limits.ALL_PROGRESS;

  /**
   * @param nanos a clock that only goes forward
   */
  Patience(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** False if the line was not taken, or took the last of it: then there is to be no other. */
  boolean with(Telling line) throws IOException {
    long began = nanos.getAsLong();
    boolean taken = line.isTaken(left.compareTo(Limits.PROGRESS) < 0 ? left : Limits.PROGRESS);
    left = left.minusNanos(nanos.getAsLong() - began);
    return taken && left.isPositive();
  }
}
