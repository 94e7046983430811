package clawster.node;

import clawster.cluster.Membership;
import clawster.cluster.TlsEngines;
import clawster.persistence.database.Database;
import clawster.persistence.members.ClusterFacts;
import clawster.persistence.members.MemberTable;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.kernel.Repeating;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/**
 * What a node stands on: its directory and log, the database, its actors, its place among the
 * members. Everything is given back by who holds it.
 */
record Foundation(
    Settings settings,
    Held held,
    Storage storage,
    ClusterFacts facts,
    ActorSystem<?> system,
    Membership membership) {

  private static final Duration TERMINATION = Duration.ofSeconds(20);

  /**
   * Blocks until the node is a member.
   *
   * @throws StartRefused with one sentence if it cannot become one
   */
  static Foundation lay(Settings settings, Held held, Consumer<String> progress) {
    var facts = new AtomicReference<ClusterFacts>();
    var tls = tls(settings, facts::get);
    var directory = held.add(DataDirectory.claim(settings.data(), settings.node()));
    held.add(LogFile.open(directory.path(), name(settings)));
    new Doors(settings).front().checkFree();
    var storage = held.add(Storage.open(settings.database(), directory, progress));
    facts.set(storage.facts());
    storage.prepare();
    var system =
        ActorSystem.create(
            Behaviors.empty(), "clawster", setup(config(settings, storage.address()), tls));
    var membership = join(settings, system, tls, storage.database(), progress);
    held.add(membership);
    return new Foundation(settings, held, storage, facts.get(), system, membership);
  }

  private static Optional<TlsEngines> tls(Settings settings, Supplier<ClusterFacts> facts) {
    var cluster = settings.cluster();
    return cluster
        .tls()
        .map(
            files ->
                TlsEngines.create(
                    files, cluster.advertised().host(), () -> facts.get().addresses()));
  }

  private static Config config(Settings settings, DatabaseAddress address) {
    var cluster = settings.cluster();
    var ours =
        ConfigFactory.parseMap(
                Map.of(
                    "clawster.database.url", address.jdbcUrl(),
                    "clawster.database.user", address.user(),
                    "clawster.database.password", address.password()))
            .withFallback(ConfigFactory.parseMap(cluster.remoting()))
            .withFallback(ConfigFactory.parseResources(cluster.timings().resource()));
    return ConfigFactory.load(ours.withFallback(ConfigFactory.defaultApplication()));
  }

  private static ActorSystemSetup setup(Config config, Optional<TlsEngines> tls) {
    var setup = ActorSystemSetup.create(BootstrapSetup.create(config));
    return tls.map(engines -> setup.and(SSLEngineProviderSetup.create(_ -> engines))).orElse(setup);
  }

  /** Its place among the members is given back after the cluster has let it go. */
  private static Membership join(
      Settings settings,
      ActorSystem<?> system,
      Optional<TlsEngines> tls,
      Database database,
      Consumer<String> progress) {
    try {
      return Membership.join(new MemberTable(database), system, tls, name(settings), progress);
    } catch (StartRefused e) {
      system.terminate();
      throw e;
    }
  }

  private static String name(Settings settings) {
    return "node-" + settings.node();
  }

  /** What people know it by. */
  String name() {
    return name(settings);
  }

  Database database() {
    return storage.database();
  }

  /** Does something now and then, for as long as there are actors. */
  void repeat(String name, Supplier<? extends CompletionStage<?>> action, Duration pause) {
    system.systemActorOf(Repeating.create(name, action, pause), name, Props.empty());
  }

  /** Ends the actors before what has been held until now. */
  void holdActors() {
    held.add(
        () -> {
          system.terminate();
          system
              .getWhenTerminated()
              .toCompletableFuture()
              .get(TERMINATION.toSeconds(), TimeUnit.SECONDS);
        });
  }
}
