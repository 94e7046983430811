package clawster.node;

import clawster.cluster.Membership;
import clawster.cluster.TlsEngines;
import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Guard;
import clawster.http.kernel.Router;
import clawster.http.kernel.TrustedProxies;
import clawster.http.limits.AnswerLimits;
import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.config.PostgresConfigStore;
import clawster.persistence.database.Database;
import clawster.persistence.identity.PostgresApiKeys;
import clawster.persistence.limits.LimitRows;
import clawster.persistence.limits.PostgresAnswerCounts;
import clawster.persistence.limits.PostgresBuckets;
import clawster.persistence.limits.PostgresGuessCounts;
import clawster.persistence.limits.PostgresRunCounts;
import clawster.persistence.members.ClusterFacts;
import clawster.persistence.members.MemberTable;
import clawster.persistence.pairing.PostgresPairings;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.StartRefused;
import clawster.persistence.runs.PostgresRunLog;
import clawster.persistence.sessions.PostgresCallers;
import clawster.persistence.sessions.PostgresPayloads;
import clawster.persistence.sessions.PostgresRequestClaims;
import clawster.persistence.sessions.PostgresSessionDirectory;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.DialectSettings;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LimitSettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.config.Setting;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.kernel.Repeating;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.Lockout;
import clawster.runtime.limits.OpenAnswers;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RateLimiter;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.models.ModelProviders;
import clawster.runtime.models.Upstream;
import clawster.runtime.nodes.Activity;
import clawster.runtime.nodes.NodeReports;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.nodes.SessionPlaces;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.sessions.OwedWork;
import clawster.runtime.sessions.SessionBell;
import clawster.runtime.sessions.SessionParts;
import clawster.runtime.sessions.Sessions;
import clawster.runtime.tools.Toolbox;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. Made by {@link #start}; everything it holds ends with {@link #stop}. */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private static final String PROMPT =
      "You are a helpful assistant running inside Clawster. Answer briefly and in the user's"
          + " language.";

  /** How long input waits for the results of a client's own tools. */
  private static final Duration CLIENT_RESULTS = Duration.ofMinutes(2);

  /** How long answers may take to end once nobody waits for them any more. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** After what an answer that is given now has reached its caller. */
  private static final Executor TOLD =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private final List<AutoCloseable> held;
  private final FrontDoor door;
  private final InetSocketAddress address;
  private final Membership membership;
  private final CompletionStage<Done> dismissed;
  private final Departure departure;
  private final Drain drain;

  private Node(
      List<AutoCloseable> held,
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

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Completes with the reason when it is no member of the cluster any more and must end. */
  public CompletionStage<String> lost() {
    return membership.lost();
  }

  /** Completes when it is asked, by way of some node, to be drained and to end. */
  public CompletionStage<Done> dismissed() {
    return dismissed;
  }

  /**
   * Blocks until the node serves.
   *
   * @param progress told what is being done, in short sentences
   * @throws StartRefused with one sentence when it cannot start
   */
  public static Node start(Settings settings, Consumer<String> progress) {
    var held = new ArrayList<AutoCloseable>();
    try {
      return assemble(settings, progress, held);
    } catch (RuntimeException e) {
      close(held);
      throw e;
    }
  }

  private static Node assemble(
      Settings settings, Consumer<String> progress, List<AutoCloseable> held) {
    var clock = Clock.systemUTC();
    var models = models(settings, held);
    var facts = new AtomicReference<ClusterFacts>();
    var tls =
        settings
            .cluster()
            .tls()
            .map(
                files ->
                    TlsEngines.create(
                        files,
                        settings.cluster().advertised().host(),
                        () -> facts.get().addresses()));
    var directory = DataDirectory.claim(settings.data(), settings.node());
    held.add(directory);
    held.add(LogFile.open(directory.path(), name(settings)));
    var door = new FrontDoor(settings.bind(), settings.port());
    door.checkFree();
    var storage = Storage.open(settings.database(), directory, progress);
    held.add(storage);
    var database = storage.database();
    facts.set(storage.facts());
    storage.prepare();

    var system =
        ActorSystem.create(guardian(), "clawster", setup(config(settings, storage.address()), tls));
    var membership = join(settings, system, tls, database, progress, held);
    var feed = system.systemActorOf(RunFeed.create(), "run-feed", Props.empty());
    var bell = system.systemActorOf(SessionBell.create(), "session-bell", Props.empty());
    var writer =
        new NodeWriter(
            database, entries -> feed.tell(new RunFeed.Committed(entries)), storage::revive);
    held.add(writer);
    held.add(() -> terminate(system));
    var live = live(settings, database);
    repeat(system, "config-watch", live::refresh, LiveConfig.REFRESH);
    var workspaces = new Workspaces(settings.workspaces(), facts.get()::id);
    workspaces.claim(membership.began());
    var agents =
        Agents.of(List.of(new Agent(Agents.DEFAULT, "Default", models.defaultModel(), PROMPT)));
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    held.add(blocking::shutdownNow);
    var activity = new Activity();
    var parts =
        new SessionParts(
            new PostgresRunLog(database, writer, feed::tell),
            feed,
            bell,
            new PostgresSessionDirectory(database, writer),
            new PostgresRequestClaims(database),
            new PostgresCallers(database, writer, new MembersAlive(membership::census)),
            new PostgresPayloads(database),
            agents,
            models,
            Toolbox.standard(clock),
            settings.workspaces(),
            blocking,
            activity,
            clock,
            () -> live.get(GatewaySettings.SESSION_IDLE),
            CLIENT_RESULTS);
    var board = new NodeReports.Board();
    var self = Cluster.get(system).selfMember().address();
    var sessions = new Sessions(system, parts, new SessionPlaces(self, board::reports));
    OwedWork.start(system, sessions);
    storage.sweepNowAndThen(system, blocking, () -> live.get(GatewaySettings.ACTIVITY));

    var url = new AtomicReference<>("");
    var dismissed = new CompletableFuture<Done>();
    var nodes =
        Nodes.start(
            system,
            new NodeReports.Self(
                self.toString(),
                String.valueOf(membership.number()),
                name(settings),
                url::get,
                version(),
                clock.instant()),
            activity,
            board,
            () -> dismissed.complete(Done.getInstance()),
            clock);
    var departure = new Departure();
    var keys = new PostgresApiKeys(database);
    var audit = new PostgresAuditLog(database);
    var pairings = new PostgresPairings(database);
    var ring = new KeyRing<>(keys, clock);
    repeat(system, "key-watch", ring::refresh, KeyRing.REFRESH);
    var devices = new KeyRing<>(pairings, clock);
    repeat(system, "device-watch", devices::refresh, KeyRing.REFRESH);
    var lockout =
        new Lockout(
            new PostgresGuessCounts(database),
            settings.cluster().advertised().host() + " " + name(settings),
            () -> live.get(LimitSettings.LOCK_LOOPBACK),
            new SteadyClock());
    repeat(system, "lockout-watch", lockout::refresh, Lockout.REFRESH);
    repeat(system, "limits-prune", new LimitRows(database)::prune, LimitRows.PRUNE);
    var admission = new Admission(new Authentication(settings.token(), ring, devices), lockout);
    var quotas = new Quotas(new PostgresRunCounts(database), live.derived(LimitSettings::quota));
    var edge =
        new Edge(
            system,
            sessions,
            agents,
            nodes,
            keys,
            live,
            audit,
            pairings,
            admission,
            answerLimits(settings, system, database, live, quotas),
            quotas,
            membership.standing(),
            departure,
            workspaces::check,
            clock);
    var refused = refusedAttempts(system, audit, clock, held);
    var guard = live.derived(config -> guard(settings, config));
    var proxies =
        live.derived(config -> new TrustedProxies(config.get(LimitSettings.TRUSTED_PROXIES)));
    Function<List<Endpoint>, Router> routing =
        served ->
            new Router(
                system,
                guard,
                proxies,
                admission,
                served,
                departure,
                refused,
                () -> live.get(LimitSettings.CONNECTIONS_PER_ADDRESS));
    var routes = Routes.of(settings, edge);
    var binding = open(door, system, routing.apply(routes.here(live)), held);
    tellCallersAtTheEnd(system, departure);
    routes
        .apart(live)
        .forEach(
            (dialect, served) ->
                open(door(settings, dialect, live::get), system, routing.apply(served), held));
    url.set(door.elsewhere(binding.localAddress(), settings.cluster()).toString());
    membership.serve(url.get());
    return new Node(
        held,
        door,
        binding.localAddress(),
        membership,
        dismissed,
        departure,
        new Drain(membership, nodes, sessions, departure));
  }

  /** Also where the cluster ends this node, which ends everything else of it at once. */
  private static void tellCallersAtTheEnd(ActorSystem<?> system, Departure departure) {
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(),
            "tell-callers",
            () ->
                departure.cutOff()
                    ? CompletableFuture.supplyAsync(Done::getInstance, TOLD)
                    : CompletableFuture.completedStage(Done.getInstance()));
  }

  private static AnswerLimits answerLimits(
      Settings settings, ActorSystem<?> system, Database database, LiveConfig live, Quotas quotas) {
    var buckets = new PostgresBuckets(database);
    var answers = new OpenAnswers(new PostgresAnswerCounts(database));
    repeat(system, "open-answers", answers::renew, OpenAnswers.RENEW);
    return new AnswerLimits(
        settings.token().isEmpty(),
        live.derived(
            config ->
                LimitSettings.rate(config)
                    .map(rule -> new RateLimiter(buckets, rule, new SteadyClock()))),
        () -> LimitSettings.atOnce(live).map(most -> new AnswerLimits.AtOnce(answers, most)),
        Optional.of(quotas));
  }

  private static void repeat(
      ActorSystem<?> system,
      String name,
      Supplier<? extends CompletionStage<?>> action,
      Duration pause) {
    system.systemActorOf(Repeating.create(name, action, pause), name, Props.empty());
  }

  private static String name(Settings settings) {
    return "node-" + settings.node();
  }

  /** Its place among the members is given back after the cluster has let it go. */
  private static Membership join(
      Settings settings,
      ActorSystem<?> system,
      Optional<TlsEngines> tls,
      Database database,
      Consumer<String> progress,
      List<AutoCloseable> held) {
    try {
      var membership =
          Membership.join(new MemberTable(database), system, tls, name(settings), progress);
      held.add(membership);
      return membership;
    } catch (StartRefused e) {
      system.terminate();
      throw e;
    }
  }

  /** The last of them are told when the node ends. */
  private static RefusedAttempts refusedAttempts(
      ActorSystem<?> system, AuditLog audit, Clock clock, List<AutoCloseable> held) {
    var refused = new RefusedAttempts(audit, clock);
    repeat(system, "refused-attempts", refused::tell, RefusedAttempts.TOLD_EVERY);
    held.add(() -> refused.tell().toCompletableFuture().get(2, TimeUnit.SECONDS));
    return refused;
  }

  /** Where callers on this machine reach it. */
  public URI url() {
    return door.here(address);
  }

  private static ModelCatalogue models(Settings settings, List<AutoCloseable> held) {
    try {
      var upstream = Upstream.create();
      held.add(upstream);
      return ModelProviders.fromEnvironment(settings.environment(), upstream);
    } catch (IllegalArgumentException e) {
      throw new StartRefused(e.getMessage());
    }
  }

  private static Behavior<Void> guardian() {
    return Behaviors.empty();
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

  private static LiveConfig live(Settings settings, Database database) {
    return LiveConfig.start(
            new PostgresConfigStore(database),
            settings.fixed(),
            document -> canListen(settings, document))
        .toCompletableFuture()
        .join();
  }

  private static boolean canListen(Settings settings, ConfigDocument document) {
    try {
      GatewaySettings.DIALECTS.stream()
          .filter(dialect -> document.get(dialect.port()) > 0)
          .forEach(dialect -> door(settings, dialect, document::get).checkFree());
      return true;
    } catch (StartRefused e) {
      LOG.warn("What is set cannot be had here: {}", e.getMessage());
      return false;
    }
  }

  /** How a setting is looked up. */
  private interface Lookup {
    <T> T get(Setting<T> setting);
  }

  /** Of a dialect that has one to itself; nodes of one machine have one each. */
  private static FrontDoor door(Settings settings, DialectSettings dialect, Lookup set) {
    var bind = set.get(dialect.bind());
    if (!settings.mayListenAt(bind)) {
      throw new StartRefused(
          "without a token %s must be a loopback address, not %s"
              .formatted(dialect.bind().name(), bind));
    }
    return new FrontDoor(bind, set.get(dialect.port()) + settings.node() - 1);
  }

  private static ServerBinding open(
      FrontDoor door, ActorSystem<?> system, Router router, List<AutoCloseable> held) {
    var binding = door.open(system, router);
    held.add(
        () ->
            binding
                .terminate(LAST_WORDS)
                .toCompletableFuture()
                .get(LAST_WORDS.toSeconds() + 2, TimeUnit.SECONDS));
    return binding;
  }

  private static Guard guard(Settings settings, LiveConfig config) {
    var hosts = new HashSet<>(config.get(GatewaySettings.ALLOWED_HOSTS));
    hosts.addAll(List.of(settings.bind(), "host.docker.internal"));
    return new Guard(hosts, Set.copyOf(config.get(GatewaySettings.ALLOWED_ORIGINS)));
  }

  public static String version() {
    var version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private static void terminate(ActorSystem<?> system) throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Hands over to the other nodes, if there are any, and ends everything, newest first. */
  public void stop() {
    membership.leaving();
    if (membership.standing().isSure()) {
      drain.run();
    }
    departure.cutOff();
    close(held);
  }

  private static void close(List<AutoCloseable> held) {
    for (var thing : held.reversed()) {
      try {
        thing.close();
      } catch (Exception e) {
        LOG.warn("While stopping: {}", e.toString());
      }
    }
    held.clear();
  }
}
