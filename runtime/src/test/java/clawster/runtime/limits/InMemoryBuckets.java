package clawster.runtime.limits;

import clawster.runtime.limits.RateRule.Grant;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Buckets of one process; counts what it is asked for. */
public final class InMemoryBuckets implements Buckets {

  private final Clock clock;
  private final Map<String, Instant> all = new HashMap<>();
  private int asked;

  public InMemoryBuckets(Clock clock) {
    this.clock = clock;
  }

  /** How often it was asked since this was last asked. */
  public synchronized int asked() {
    int before = asked;
    asked = 0;
    return before;
  }

  @Override
  public synchronized CompletionStage<Grant> take(String name, int wanted, RateRule rule) {
    asked++;
    var now = clock.instant();
    var grant = rule.take(all.getOrDefault(name, now), wanted, now);
    all.put(name, grant.fullAt());
    return CompletableFuture.completedStage(grant);
  }
}
