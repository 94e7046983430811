package clawster.node;

import clawster.cluster.Membership;
import clawster.http.kernel.Departure;
import clawster.persistence.config.PostgresConfigStore;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.models.ModelProviders;
import clawster.runtime.models.Upstream;
import clawster.runtime.nodes.NodeReports;
import clawster.runtime.nodes.Nodes;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.cluster.typed.Cluster;

/** A running node. Made by {@link #start}; everything it holds ends with {@link #stop}. */
public final class Node {

  private final Held held;
  private final FrontDoor door;
  private final InetSocketAddress address;
  private final Membership membership;
  private final CompletionStage<Done> dismissed;
  private final Departure departure;
  private final Drain drain;

  private Node(
      Held held,
      FrontDoor door,
      InetSocketAddress address,
      Membership membership,
      CompletionStage<Done> dismissed,
      Departure departure,
      Drain drain) {
    this.held = held;
    this.door = door;
    this.address = address;
    this.membership = membership;
    this.dismissed = dismissed;
    this.departure = departure;
    this.drain = drain;
  }

  /**
   * Blocks until the node serves.
   *
   * @param progress told what is being done, in short sentences
   * @throws StartRefused with one sentence when it cannot start
   */
  public static Node start(Settings settings, Consumer<String> progress) {
    var held = new Held();
    try {
      return assemble(settings, progress, held);
    } catch (RuntimeException e) {
      held.close();
      throw e;
    }
  }

  private static Node assemble(Settings settings, Consumer<String> progress, Held held) {
    var clock = Clock.systemUTC();
    var models = models(settings, held);
    var base = Foundation.lay(settings, held, progress);
    var doors = new Doors(settings);
    var config = config(base, doors);
    var host = SessionHost.start(base, models, config, clock);
    var url = new AtomicReference<>("");
    var dismissed = new CompletableFuture<Done>();
    var nodes = nodes(base, host, url::get, dismissed, clock);
    var packages = PackageHost.start(base);
    var entrance = new Entrance(base, host, nodes, packages, config, clock);
    var address = entrance.open(doors);
    url.set(doors.front().elsewhere(address, settings.cluster()).toString());
    var membership = base.membership();
    membership.serve(url.get());
    var departure = entrance.departure();
    return new Node(
        held,
        doors.front(),
        address,
        membership,
        dismissed,
        departure,
        new Drain(membership, nodes, host.sessions(), departure));
  }

  private static ModelCatalogue models(Settings settings, Held held) {
    try {
      return ModelProviders.fromEnvironment(settings.environment(), held.add(Upstream.create()));
    } catch (IllegalArgumentException e) {
      throw new StartRefused(e.getMessage());
    }
  }

  private static LiveConfig config(Foundation base, Doors doors) {
    var config =
        LiveConfig.start(
                new PostgresConfigStore(base.database()),
                base.settings().fixed(),
                doors::canBeOpened)
            .toCompletableFuture()
            .join();
    base.repeat("config-watch", config::refresh, LiveConfig.REFRESH);
    return config;
  }

  private static Nodes nodes(
      Foundation base,
      SessionHost host,
      Supplier<String> url,
      CompletableFuture<Done> dismissed,
      Clock clock) {
    return Nodes.start(
        base.system(),
        new NodeReports.Self(
            Cluster.get(base.system()).selfMember().address().toString(),
            String.valueOf(base.membership().number()),
            base.name(),
            url,
            version(),
            clock.instant()),
        host.activity(),
        host.board(),
        () -> dismissed.complete(Done.getInstance()),
        clock);
  }

  public static String version() {
    var version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Where callers on this machine reach it. */
  public URI url() {
    return door.here(address);
  }

  /** Completes with the reason when it is no member of the cluster any more and must end. */
  public CompletionStage<String> lost() {
    return membership.lost();
  }

  /** Completes when it is asked, by way of some node, to be drained and to end. */
  public CompletionStage<Done> dismissed() {
    return dismissed;
  }

  /** Hands over to the other nodes, if there are any, and ends everything, newest first. */
  public void stop() {
    membership.leaving();
    if (membership.standing().isSure()) {
      drain.run();
    }
    departure.cutOff();
    held.close();
  }
}
