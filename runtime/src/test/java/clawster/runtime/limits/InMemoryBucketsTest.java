package clawster.runtime.limits;

import java.time.Clock;

final class InMemoryBucketsTest implements BucketsContract {

  private final Buckets buckets = new InMemoryBuckets(Clock.systemUTC());

  @Override
  public Buckets buckets() {
    return buckets;
  }
}
