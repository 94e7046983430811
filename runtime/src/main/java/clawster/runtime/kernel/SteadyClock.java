package clawster.runtime.kernel;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Starts with the machine's clock and then only ever goes on, however that is set. For how long
 * something has been; not for saying when it was.
 */
public final class SteadyClock extends Clock {

  private final Instant began = Instant.now();
  private final long zero = System.nanoTime();

  @Override
  public Instant instant() {
    return began.plusNanos(System.nanoTime() - zero);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("it is for durations");
  }
}
