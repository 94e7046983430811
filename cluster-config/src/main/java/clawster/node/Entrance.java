package clawster.node;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Guard;
import clawster.http.kernel.Router;
import clawster.http.kernel.TrustedProxies;
import clawster.http.limits.AnswerLimits;
import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.identity.PostgresApiKeys;
import clawster.persistence.limits.LimitRows;
import clawster.persistence.limits.PostgresAnswerCounts;
import clawster.persistence.limits.PostgresBuckets;
import clawster.persistence.limits.PostgresGuessCounts;
import clawster.persistence.limits.PostgresRunCounts;
import clawster.persistence.pairing.PostgresPairings;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LimitSettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.Lockout;
import clawster.runtime.limits.OpenAnswers;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RateLimiter;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.packages.Packages;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;

/** How callers get in: who may, how often, and to what. */
final class Entrance {

  /** After what an answer that is given now has reached its caller. */
  private static final Executor TOLD =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private final Foundation base;
  private final LiveConfig config;
  private final Departure departure = new Departure();
  private final Function<List<Endpoint>, Router> routing;
  private final Routes routes;

  Entrance(
      Foundation base,
      SessionHost host,
      Nodes nodes,
      Packages packages,
      LiveConfig config,
      Clock clock) {
    this.base = base;
    this.config = config;
    var database = base.database();
    var audit = new PostgresAuditLog(database);
    var keys = new PostgresApiKeys(database);
    var pairings = new PostgresPairings(database);
    var admission = admission(keys, pairings, clock);
    var quotas = new Quotas(new PostgresRunCounts(database), config.derived(LimitSettings::quota));
    var refused = refusedAttempts(audit, clock);
    this.routing = routing(admission, refused);
    this.routes =
        Routes.of(
            base.settings(),
            new Edge(
                base.system(),
                host.sessions(),
                host.agents(),
                nodes,
                keys,
                config,
                audit,
                pairings,
                admission,
                answerLimits(quotas),
                quotas,
                packages,
                refused,
                base.membership().standing(),
                departure,
                host.workspaces()::check,
                clock));
  }

  private Admission admission(PostgresApiKeys keys, PostgresPairings pairings, Clock clock) {
    var settings = base.settings();
    var ring = new KeyRing<>(keys, clock);
    base.repeat("key-watch", ring::refresh, KeyRing.REFRESH);
    var devices = new KeyRing<>(pairings, clock);
    base.repeat("device-watch", devices::refresh, KeyRing.REFRESH);
    var lockout =
        new Lockout(
            new PostgresGuessCounts(base.database()),
            settings.cluster().advertised().host(),
            () -> config.get(LimitSettings.LOCK_LOOPBACK),
            new SteadyClock());
    base.repeat("lockout-watch", lockout::refresh, Lockout.REFRESH);
    base.repeat("limits-prune", new LimitRows(base.database())::prune, LimitRows.PRUNE);
    return new Admission(new Authentication(settings.token(), ring, devices), lockout);
  }

  private AnswerLimits answerLimits(Quotas quotas) {
    var buckets = new PostgresBuckets(base.database());
    var answers = new OpenAnswers(new PostgresAnswerCounts(base.database()));
    base.repeat("open-answers", answers::renew, OpenAnswers.RENEW);
    return new AnswerLimits(
        base.settings().token().isEmpty(),
        config.derived(
            set ->
                LimitSettings.rate(set)
                    .map(rule -> new RateLimiter(buckets, rule, new SteadyClock()))),
        Optional.of(new AnswerLimits.AtOnce(answers, () -> LimitSettings.atOnce(config))),
        Optional.of(quotas));
  }

  private Function<List<Endpoint>, Router> routing(Admission admission, RefusedAttempts refused) {
    var guard = config.derived(this::guard);
    var proxies = config.derived(set -> new TrustedProxies(set.get(LimitSettings.TRUSTED_PROXIES)));
    return served ->
        new Router(
            base.system(),
            guard,
            proxies,
            admission,
            served,
            departure,
            refused,
            () -> config.get(LimitSettings.CONNECTIONS_PER_ADDRESS));
  }

  private Guard guard(LiveConfig set) {
    var hosts = new HashSet<>(set.get(GatewaySettings.ALLOWED_HOSTS));
    hosts.addAll(List.of(base.settings().bind(), "host.docker.internal"));
    return new Guard(hosts, Set.copyOf(set.get(GatewaySettings.ALLOWED_ORIGINS)));
  }

  /** The last of them are told when the node ends. */
  private RefusedAttempts refusedAttempts(AuditLog audit, Clock clock) {
    var refused = new RefusedAttempts(audit, clock);
    base.repeat("refused-attempts", refused::tell, RefusedAttempts.TOLD_EVERY);
    base.held().add(() -> refused.tell().toCompletableFuture().get(2, TimeUnit.SECONDS));
    return refused;
  }

  /** What becomes of callers when the node ends. */
  Departure departure() {
    return departure;
  }

  /**
   * Blocks until callers can come in.
   *
   * @return where the front door is
   */
  InetSocketAddress open(Doors doors) {
    var address = Doors.open(doors.front(), routing.apply(routes.here(config)), base);
    tellCallersAtTheEnd();
    routes
        .apart(config)
        .forEach(
            (dialect, served) ->
                Doors.open(doors.of(dialect, config), routing.apply(served), base));
    return address;
  }

  /** Also where the cluster ends this node, which ends everything else of it at once. */
  private void tellCallersAtTheEnd() {
    CoordinatedShutdown.get(base.system())
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(),
            "tell-callers",
            () ->
                departure.cutOff()
                    ? CompletableFuture.supplyAsync(Done::getInstance, TOLD)
                    : CompletableFuture.completedStage(Done.getInstance()));
  }
}
