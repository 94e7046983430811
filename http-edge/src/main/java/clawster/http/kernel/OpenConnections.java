package clawster.http.kernel;

import clawster.runtime.limits.ClientAddress;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections each address has open at this node, so that one cannot take all there are.
 */
final class OpenConnections {

  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

  private final int most;
  private final Predicate<InetAddress> exempt;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * @param most for an address; 0 for no limit
   * @param exempt addresses that are many callers
   */
  OpenConnections(int most, Predicate<InetAddress> exempt) {
    this.most = most;
    this.exempt = exempt;
  }

  /** Whether one more may be opened. If so, it is to {@link #leave}. */
  boolean enter(InetAddress peer) {
    if (isFree(peer)) {
      return true;
    }
    var key = ClientAddress.forwarded(peer).key();
    boolean entered = open.merge(key, 1, Integer::sum) <= most;
    if (!entered) {
      LOG.debug("{} has {} connections already", key, most);
      leave(peer);
    }
    return entered;
  }

  void leave(InetAddress peer) {
    if (!isFree(peer)) {
      open.computeIfPresent(
          ClientAddress.forwarded(peer).key(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private boolean isFree(InetAddress peer) {
    return most == 0 || exempt.test(peer);
  }

  /** Addresses that have any. */
  int addresses() {
    return open.size();
  }
}
