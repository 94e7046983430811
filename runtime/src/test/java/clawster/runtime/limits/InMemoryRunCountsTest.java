package clawster.runtime.limits;

import clawster.runtime.kernel.HandClock;
import java.time.Instant;

final class InMemoryRunCountsTest implements RunCountsContract {

  private final RunCounts counts =
      new InMemoryRunCounts(new HandClock(Instant.parse("2026-01-01T12:00:00Z")));

  @Override
  public RunCounts counts() {
    return counts;
  }
}
