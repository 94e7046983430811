package clawster.runtime.nodes;

import clawster.runtime.nodes.ShardPlan.Home;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/** Asks a {@link ShardPlan} for the sharding coordinator, which lives on one of the nodes. */
public final class SessionPlaces extends AbstractShardAllocationStrategy {

  private final Address self;
  private final Supplier<Map<String, NodeReport>> reports;

  /**
   * @param self what the cluster calls this node
   * @param reports the latest of each node
   */
  public SessionPlaces(Address self, Supplier<Map<String, NodeReport>> reports) {
    this.self = self;
    this.reports = reports;
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> regions) {
    var home = plan(regions).homeOfNext();
    return Future.successful(
        regions.keySet().stream()
            .filter(region -> node(region).equals(home))
            .findFirst()
            .orElseThrow());
  }

  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> regions, Set<String> moving) {
    return Future.successful(plan(regions).moves(moving));
  }

  private ShardPlan plan(Map<ActorRef, IndexedSeq<String>> regions) {
    var homes =
        regions.entrySet().stream()
            .map(
                region ->
                    new Home(node(region.getKey()), CollectionConverters.asJava(region.getValue())))
            .collect(Collectors.toUnmodifiableList());
    return new ShardPlan(homes, reports.get());
  }

  /** A region of this node has no address of its own. */
  private String node(ActorRef region) {
    var address = region.path().address();
    return (address.hasGlobalScope() ? address : self).toString();
  }
}
