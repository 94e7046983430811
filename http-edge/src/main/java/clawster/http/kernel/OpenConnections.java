package clawster.http.kernel;

import clawster.runtime.limits.ClientAddress;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections each address has open at this node, so that one cannot take all there are.
 * All are counted, also where there is no limit: one may be set while they are open.
 */
final class OpenConnections {

  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

  private final IntSupplier most;
  private final Predicate<InetAddress> exempt;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * @param most for an address, as it is set now; 0 for no limit
   * @param exempt addresses that are many callers
   */
  OpenConnections(IntSupplier most, Predicate<InetAddress> exempt) {
    this.most = most;
    this.exempt = exempt;
  }

  /** Whether one more may be opened. If so, it is to {@link #leave}. */
  boolean enter(InetAddress peer) {
    var key = ClientAddress.forwarded(peer).key();
    int now = open.merge(key, 1, Integer::sum);
    int limit = most.getAsInt();
    boolean entered = limit == 0 || now <= limit || exempt.test(peer);
    if (!entered) {
      LOG.debug("{} has {} connections already", key, limit);
      leave(peer);
    }
    return entered;
  }

  void leave(InetAddress peer) {
    open.computeIfPresent(
        ClientAddress.forwarded(peer).key(), (_, count) -> count == 1 ? null : count - 1);
  }

  /** Addresses that have any. */
  int addresses() {
    return open.size();
  }
}
