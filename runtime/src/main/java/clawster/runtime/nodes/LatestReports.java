package clawster.runtime.nodes;

import clawster.runtime.nodes.NodeReport.Leaving;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each node said last, by what the cluster calls it. A node that was asked to leave is taken
 * to be leaving even if its last report, which was on its way then, knows nothing of that.
 */
final class LatestReports {

  /** A node that has not reported for this long has none, and one asked to leave will have. */
  static final Duration STALE = Duration.ofSeconds(5);

  private final Map<String, NodeReport> latest = new HashMap<>();
  private final Map<String, Instant> heard = new HashMap<>();

  /** When nodes were asked to leave, by their ids: an address may be a new node's. */
  private final Map<String, Instant> asked = new HashMap<>();

  Map<String, NodeReport> all() {
    return Map.copyOf(latest);
  }

  /**
   * @param now by our clock, whatever the other's says
   */
  void put(NodeReport report, Instant now) {
    var since = now.minus(STALE);
    heard.put(report.address(), now);
    heard.values().removeIf(at -> at.isBefore(since));
    asked.values().removeIf(at -> at.isBefore(since));
    latest.put(report.address(), asAsked(report));
    latest.keySet().retainAll(heard.keySet());
  }

  /** A node is asked to leave. */
  void ask(String node, Instant now) {
    latest.computeIfPresent(
        node,
        (_, report) -> {
          asked.put(report.id(), now);
          return asAsked(report);
        });
  }

  private NodeReport asAsked(NodeReport report) {
    boolean early = asked.containsKey(report.id()) && report.leaving() == Leaving.NO;
    return early ? report.withLeaving(Leaving.QUIETLY) : report;
  }

  /** Whether any of {@code others} stays when {@code node} has gone. */
  boolean anyStaysWithout(String node, Set<String> others) {
    return latest.values().stream()
        .anyMatch(
            report ->
                report.stays()
                    && !report.address().equals(node)
                    && others.contains(report.address()));
  }
}
