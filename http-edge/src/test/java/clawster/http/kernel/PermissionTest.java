package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
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
  private final KeyRing ring = new KeyRing(keys, Clock.systemUTC());
  private final Router router =
      new Router(
          KIT.system(),
          new Guard(Set.of(), Set.of()),
          TrustedProxies.NONE,
          Some.admission(new Authentication("s3cret", ring)),
          Arrays.stream(Access.values()).map(PermissionTest::endpoint).toList(),
          new Departure(),
          0);

  private UUID made;

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** Never ends by itself. */
  private static Endpoint endpoint(Access access) {
    return new Endpoint(
        HttpMethods.GET,
        "/" + access.name(),
        "",
        Dialect.OPENAI,
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
