package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the router lets whom do. */
final class PermissionTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final InMemoryApiKeys keys = new InMemoryApiKeys();
  private final KeyRing<KeySecret> ring = new KeyRing<>(keys, Clock.systemUTC());
  private final InMemoryAuditLog audit = new InMemoryAuditLog();
  private final RefusedAttempts refused = new RefusedAttempts(audit, Clock.systemUTC());
  private final Router router =
      new Router(
          KIT.system(),
          () -> new Guard(Set.of(), Set.of()),
          () -> TrustedProxies.NONE,
          Some.admission(new Authentication("s3cret", ring, Some.devices())),
          Arrays.stream(Access.values()).map(PermissionTest::endpoint).toList(),
          new Departure(),
          refused,
          () -> 0);

  private UUID made;

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** Never ends by itself. */
  private static Endpoint endpoint(Access access) {
    return Some.endpoint(
        HttpMethods.GET,
        "/" + access.name(),
        access,
        0,
        _ ->
            CompletableFuture.completedStage(
                Sse.response(
                    Source.tick(
                        Duration.ZERO, Duration.ofMillis(5), ByteString.fromString(":\n")))));
  }

  private String key(Set<Scope> scopes) {
    var secret = KeySecret.next();
    made = Ids.next();
    keys.add(
        new ApiKey(
            made,
            "a key",
            secret.prefix(),
            scopes,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "gateway",
            Instant.now()),
        secret);
    return "Bearer " + secret.reveal();
  }

  private HttpResponse ask(Access access, Optional<String> authorization) throws Exception {
    var request = HttpRequest.GET("http://localhost/" + access.name());
    return router
        .handle(
            authorization
                .map(value -> request.addHeader(RawHeader.create("Authorization", value)))
                .orElse(request),
            new CompletableFuture<>())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private int status(Access access, Optional<String> authorization) throws Exception {
    var response = ask(access, authorization);
    response.discardEntityBytes(KIT.system());
    return response.status().intValue();
  }

  @ParameterizedTest
  @EnumSource
  void eachMayWhatTheMatrixSays(Access access) throws Exception {
    assertEquals(access == Access.PUBLIC ? 200 : 401, status(access, Optional.empty()));
    assertEquals(access == Access.PUBLIC ? 200 : 401, status(access, Optional.of("Bearer no")));
    assertEquals(200, status(access, Optional.of("Bearer s3cret")));
    for (var scope : Scope.values()) {
      var scopes = Set.of(scope);
      assertEquals(
          access.allows(scopes) ? 200 : 403,
          status(access, Optional.of(key(scopes))),
          access + " by " + scope);
    }
  }

  /** Of who came to what is open to everybody there is nothing to say. */
  @ParameterizedTest
  @EnumSource
  void whoIsTurnedAwayLeavesOneEntry(Access access) throws Exception {
    status(access, Optional.empty());
    status(access, Optional.of("Bearer no"));
    status(access, Optional.of("Bearer s3cret"));
    var scope = access == Access.READ ? Scope.PAIRING : Scope.READ;
    status(access, Optional.of(key(Set.of(scope))));
    refused.tell().toCompletableFuture().join();
    var entries = audit.list(AuditLog.Query.all(10, 0)).toCompletableFuture().join().entries();
    var told =
        entries.stream()
            .map(
                e ->
                    e.actor().id()
                        + " "
                        + e.details().get("reason")
                        + " "
                        + e.details().get("count"))
            .collect(Collectors.toSet());
    assertEquals(
        access == Access.PUBLIC
            ? Set.of()
            : Set.of("anybody request.unauthorized 2", made + " request.forbidden 1"),
        told);
  }

  /** What only its handler can see, such as that a key would have more scopes than its maker. */
  @Test
  void whomAHandlerForbidsLeavesOneEntryToo() throws Exception {
    var forbidden = IdentityProblems.BEYOND_SCOPES;
    for (Endpoint.Handler handler :
        List.<Endpoint.Handler>of(
            _ -> {
              throw new BadRequest(forbidden);
            },
            _ -> CompletableFuture.completedStage(Refusals.response(Dialect.GOCLAW, forbidden)))) {
      var answer =
          routing(handler)
              .handle(HttpRequest.POST("http://localhost/things"), new CompletableFuture<>())
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      assertEquals(403, answer.status().intValue());
    }
    refused.tell().toCompletableFuture().join();
    var entries = audit.list(AuditLog.Query.all(10, 0)).toCompletableFuture().join().entries();
    assertEquals(1, entries.size());
    var entry = entries.getFirst();
    assertEquals("key.beyond_scopes", entry.details().get("reason"));
    assertEquals("2", entry.details().get("count"));
    assertEquals(Optional.of("POST /things"), entry.entityId());
    assertEquals("gateway", entry.actor().id());
  }

  private Router routing(Endpoint.Handler handler) {
    return new Router(
        KIT.system(),
        () -> new Guard(Set.of(), Set.of()),
        () -> TrustedProxies.NONE,
        Some.admission(""),
        List.of(Some.endpoint(HttpMethods.POST, "/things", Access.WRITE, 0, handler)),
        new Departure(),
        refused,
        () -> 0);
  }

  @Test
  void aStreamEndsWithTheKeyAndSaysWhy() throws Exception {
    var response = ask(Access.READ, Optional.of(key(Set.of(Scope.READ))));
    var said =
        response
            .entity()
            .getDataBytes()
            .map(ByteString::utf8String)
            .runWith(Sink.seq(), KIT.system())
            .toCompletableFuture();
    ring.refresh();
    keys.revoke(made, Instant.now());
    ring.refresh();
    List<String> all = said.get(10, TimeUnit.SECONDS);
    assertTrue(all.getLast().startsWith("data: {\"error\":"), all.getLast());
    assertTrue(all.getLast().endsWith("\n\n"), all.getLast());
  }
}
