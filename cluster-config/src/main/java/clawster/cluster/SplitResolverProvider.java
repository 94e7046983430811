package clawster.cluster;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.PostgresSplits;
import clawster.persistence.members.Splits;
import clawster.persistence.postgres.DatabaseAddress;
import com.typesafe.config.Config;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.Member;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/** How Pekko finds the {@link SplitResolver}: by this class's name in the settings. */
public final class SplitResolverProvider extends DowningProvider {

  private final ActorSystem system;
  private final Config config;

  public SplitResolverProvider(ActorSystem system) {
    this.system = system;
    this.config = system.settings().config();
  }

  @Override
  public FiniteDuration downRemovalMargin() {
    return FiniteDuration.fromNanos(
        config.getDuration("pekko.cluster.down-removal-margin").toNanos());
  }

  /** The cluster is asked for once the actor runs: it is what makes the actor. */
  @Override
  public Option<Props> downingActorProps() {
    var timings = SplitResolver.Timings.of(config.getConfig("clawster.split"));
    return Option.apply(
        Adapter.props(() -> SplitResolver.create(this::ears, this::splits, timings)));
  }

  private SplitResolver.Ears ears() {
    var cluster = Cluster.get(system);
    return new SplitResolver.Ears(() -> heard(cluster), out -> putOut(cluster, out));
  }

  private static Sides heard(Cluster cluster) {
    var state = cluster.state();
    return Sides.of(
        cluster.selfUniqueAddress(),
        state.getMembers(),
        state.getUnreachable(),
        address -> hears(cluster, address));
  }

  private static boolean hears(Cluster cluster, Address member) {
    var detector = cluster.failureDetector();
    return detector.isMonitoring(member) && detector.isAvailable(member);
  }

  private static void putOut(Cluster cluster, Set<MemberId> out) {
    StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> out.contains(NodeAddress.id(member.uniqueAddress())))
        .map(Member::address)
        .forEach(cluster::down);
  }

  private Splits splits() {
    var database = config.getConfig("clawster.database");
    return new PostgresSplits(
        new DatabaseAddress(
            database.getString("url"), database.getString("user"), database.getString("password")),
        NodeAddress.id(Cluster.get(system).selfUniqueAddress()));
  }
}
