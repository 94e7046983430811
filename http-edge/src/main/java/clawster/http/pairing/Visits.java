package clawster.http.pairing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often callers without any credential come to this node, so that none of them keeps its
 * database busy. What they may not do at all, the rules say.
 */
final class Visits {

  /** A browser that waits asks every three seconds. */
  static final int MOST = 40;

  private static final Duration COUNTED = Duration.ofMinutes(1);
  private static final int MOST_NETWORKS = 10_000;

  private final Cache<String, AtomicInteger> counts =
      Caffeine.newBuilder().maximumSize(MOST_NETWORKS).expireAfterWrite(COUNTED).build();

  /** Whether one more is welcome. */
  boolean takes(String network) {
    return counts.get(network, _ -> new AtomicInteger()).incrementAndGet() <= MOST;
  }
}
