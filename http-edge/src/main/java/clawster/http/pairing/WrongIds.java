package clawster.http.pairing;

import clawster.runtime.identity.SenderId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The wrong sender ids that networks showed to this node last, as hashes. A browser that was denied
 * asks on with the one it has, and guesses nothing by that.
 */
final class WrongIds {

  /** How many a network can have shown that are known again. */
  static final int MOST = 16;

  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST_NETWORKS = 10_000;

  private final Cache<String, Deque<String>> shown =
      Caffeine.newBuilder().maximumSize(MOST_NETWORKS).expireAfterAccess(REMEMBERED).build();

  /** Whether that network shows it for the first time. It does not afterwards. */
  boolean isNew(String network, SenderId sender) {
    var hashes = shown.get(network, _ -> new ArrayDeque<>());
    synchronized (hashes) {
      if (hashes.contains(sender.hash())) {
        return false;
      }
      if (hashes.size() == MOST) {
        hashes.removeFirst();
      }
      hashes.addLast(sender.hash());
      return true;
    }
  }
}
