package clawster.cluster;

import clawster.persistence.members.Splits;
import clawster.persistence.postgres.DatabaseAddress;
import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.DowningProvider;
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

  @Override
  public Option<Props> downingActorProps() {
    var timings = SplitResolver.Timings.of(config.getConfig("clawster.split"));
    return Option.apply(
        Adapter.props(
            () -> SplitResolver.create(() -> Cluster.get(system), this::splits, timings)));
  }

  private Splits splits(Cluster cluster) {
    var database = config.getConfig("clawster.database");
    return new Splits(
        new DatabaseAddress(
            database.getString("url"), database.getString("user"), database.getString("password")),
        NodeAddress.id(cluster.selfUniqueAddress()));
  }
}
