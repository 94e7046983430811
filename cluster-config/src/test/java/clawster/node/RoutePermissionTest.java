package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Guard;
import clawster.http.kernel.Operation;
import clawster.http.kernel.Router;
import clawster.http.kernel.TrustedProxies;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.Credential;
import clawster.runtime.identity.Credentials;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import clawster.runtime.identity.Secret;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Ids;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.GuessCounts;
import clawster.runtime.limits.GuessRule;
import clawster.runtime.limits.Lockout;
import clawster.runtime.limits.Verdict;
import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.PairedDevice;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route that a node serves, and whoever may come: the router lets through whom {@link #OPENS}
 * says, and nobody else. Handlers are replaced, so that none but the router could refuse.
 */
final class RoutePermissionTest {

  /** Which scopes open what; written again, so that a change of the matrix is seen here. */
  private static final Map<Access, Set<Scope>> OPENS =
      Map.of(
          Access.PUBLIC, EnumSet.allOf(Scope.class),
          Access.READ, EnumSet.of(Scope.READ, Scope.WRITE, Scope.ADMIN),
          Access.WRITE, EnumSet.of(Scope.WRITE, Scope.ADMIN),
          Access.APPROVE, EnumSet.of(Scope.APPROVALS, Scope.ADMIN),
          Access.PAIR, EnumSet.of(Scope.PAIRING, Scope.ADMIN),
          Access.ADMIN, EnumSet.of(Scope.ADMIN));

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "route-permissions",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));

  /** Those of one process. */
  private record Known<S extends Secret, C extends Credential>(Map<String, C> byHash)
      implements Credentials<S, C> {

    @Override
    public CompletionStage<Optional<C>> find(S secret) {
      return CompletableFuture.completedStage(Optional.ofNullable(byHash.get(secret.hash())));
    }

    @Override
    public CompletionStage<Optional<C>> find(UUID id) {
      return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Long> revision() {
      return CompletableFuture.completedStage(0L);
    }

    @Override
    public CompletionStage<Void> used(Map<UUID, Instant> times) {
      return CompletableFuture.completedStage(null);
    }
  }

  /** Guesses are not what this is about. */
  private static final class NoGuesses implements GuessCounts {

    @Override
    public CompletionStage<Tally> wrong(String address, GuessRule rule) {
      return CompletableFuture.completedStage(new Tally(Verdict.OPEN, Verdict.OPEN));
    }

    @Override
    public CompletionStage<List<LockedAddress>> locked(int most) {
      return CompletableFuture.completedStage(List.of());
    }
  }

  private static final Map<Set<Scope>, KeySecret> SECRETS = new HashMap<>();
  private static final Map<String, ApiKey> KEYS = new HashMap<>();
  private static final SenderId SENDER = SenderId.next();

  static {
    for (var scopes : everySet()) {
      var secret = KeySecret.next();
      SECRETS.put(scopes, secret);
      KEYS.put(secret.hash(), key(secret, scopes));
    }
  }

  private static List<Set<Scope>> everySet() {
    var all = Scope.values();
    return IntStream.range(0, 1 << all.length)
        .<Set<Scope>>mapToObj(
            bits -> {
              var scopes = EnumSet.noneOf(Scope.class);
              IntStream.range(0, all.length)
                  .filter(i -> (bits & 1 << i) != 0)
                  .forEach(i -> scopes.add(all[i]));
              return scopes;
            })
        .toList();
  }

  private static ApiKey key(KeySecret secret, Set<Scope> scopes) {
    return new ApiKey(
        Ids.next(),
        "a key",
        secret.prefix(),
        scopes,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "gateway",
        Instant.EPOCH);
  }

  private static PairedDevice device() {
    return new PairedDevice(
        Device.browser(SENDER, "here"),
        Instant.EPOCH,
        "gateway",
        Instant.now().plus(Duration.ofHours(1)),
        Optional.empty());
  }

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  static List<Operation> all() {
    return Served.operations();
  }

  /** As a node has it, but that nobody remembers who guessed before. */
  private static Router router() {
    var clock = Clock.systemUTC();
    var authentication =
        new Authentication(
            "s3cret",
            new KeyRing<>(new Known<>(KEYS), clock),
            new KeyRing<>(new Known<>(Map.of(SENDER.hash(), device())), clock));
    return new Router(
        SYSTEM,
        () -> new Guard(Set.of(), Set.of()),
        () -> new TrustedProxies(List.of()),
        new Admission(
            authentication, new Lockout(new NoGuesses(), "here", () -> false, new SteadyClock())),
        Served.endpoints().stream().map(RoutePermissionTest::letting).toList(),
        new Departure(),
        new RefusedAttempts(null, clock),
        () -> 0);
  }

  private static Endpoint letting(Endpoint endpoint) {
    return new Endpoint(
        endpoint.operation(),
        endpoint.recorded(),
        call ->
            CompletableFuture.completedStage(
                HttpResponse.create().withEntity(endpoint.operation().name())));
  }

  private static HttpRequest request(Operation operation) {
    var path = operation.path().replaceAll("\\{[^}]*}", "x");
    return HttpRequest.create("http://localhost" + path)
        .withMethod(operation.method())
        .addHeader(Host.create("localhost"));
  }

  private static int status(Router router, HttpRequest request) throws Exception {
    return Source.single(request)
        .via(router.connection())
        .runWith(Sink.head(), SYSTEM)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .status()
        .intValue();
  }

  private static int as(Router router, Operation operation, String header, String value)
      throws Exception {
    return status(router, request(operation).addHeader(RawHeader.create(header, value)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void onlyTheseAreLetThrough(Operation operation) throws Exception {
    var router = router();
    boolean open = operation.access() == Access.PUBLIC;
    var opening = OPENS.get(operation.access());
    assertEquals(open ? 200 : 401, status(router, request(operation)), "without anything");
    assertEquals(200, as(router, operation, "Authorization", "Bearer s3cret"), "by the token");
    assertEquals(
        open ? 200 : 401,
        as(router, operation, "Authorization", "Bearer " + KeySecret.next().reveal()),
        "by a key that there is not");
    for (var entry : SECRETS.entrySet()) {
      var may = open || entry.getKey().stream().anyMatch(opening::contains);
      assertEquals(
          may ? 200 : 403,
          as(router, operation, "Authorization", "Bearer " + entry.getValue().reveal()),
          "by " + entry.getKey());
    }
    assertEquals(
        opening.contains(Scope.READ) || opening.contains(Scope.WRITE) ? 200 : 403,
        as(router, operation, Authentication.SENDER_HEADER, SENDER.reveal()),
        "by a paired browser");
    assertEquals(
        open ? 200 : 401,
        as(router, operation, Authentication.SENDER_HEADER, SenderId.next().reveal()),
        "by one that is not paired");
  }

  /** No route that is served yet is one that may be asked so. */
  @ParameterizedTest
  @MethodSource("all")
  void theTokenCountsNowhereElse(Operation operation) throws Exception {
    var router = router();
    int closed = operation.access() == Access.PUBLIC ? 200 : 401;
    var request = request(operation);
    var asking =
        request.withUri(request.getUri().rawQueryString("token=s3cret&access_token=s3cret"));
    assertEquals(closed, status(router, asking), "in the query");
    assertEquals(
        closed,
        as(router, operation, "Cookie", "clawgo_webui_token=s3cret; token=s3cret"),
        "in a cookie");
    assertEquals(
        closed,
        as(router, operation, "Referer", "http://localhost/?token=s3cret"),
        "in the address of a page");
  }
}
