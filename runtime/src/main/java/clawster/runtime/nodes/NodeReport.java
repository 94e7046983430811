package clawster.runtime.nodes;

import clawster.runtime.kernel.ClusterMessage;
import java.time.Instant;
import java.util.Set;

/**
 * What a node says of itself, once a second.
 *
 * @param address what the cluster calls it
 * @param id what people call it: unique among all nodes there ever were
 * @param url where it serves callers
 * @param leaving whether it is to be left, and how urgently
 * @param sessions in memory
 * @param runs going on, or waiting to
 * @param quiet shards it has that have had no such run for a while
 * @param unreadable sessions that cannot be read
 * @param heap bytes in use
 * @param maxHeap bytes there may be
 */
public record NodeReport(
    String address,
    String id,
    String name,
    String url,
    String version,
    Leaving leaving,
    int sessions,
    int runs,
    Set<String> quiet,
    UnreadableSessions.Told unreadable,
    long heap,
    long maxHeap,
    Instant started,
    Instant at)
    implements ClusterMessage {

  /** Whether sessions are to go elsewhere. */
  public enum Leaving {
    /** It is there to stay. */
    NO,
    /** Whatever is quiet. */
    QUIETLY,
    /** Everything, at once. */
    NOW
  }

  public NodeReport {
    quiet = Set.copyOf(quiet);
  }

  NodeReport withLeaving(Leaving how) {
    return new NodeReport(
        address,
        id,
        name,
        url,
        version,
        how,
        sessions,
        runs,
        quiet,
        unreadable,
        heap,
        maxHeap,
        started,
        at);
  }

  /** Whether callers can go to it, and will be able to. */
  boolean stays() {
    return leaving == Leaving.NO && !url.isEmpty();
  }
}
