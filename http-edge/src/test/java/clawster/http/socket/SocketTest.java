package clawster.http.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Guard;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.Router;
import clawster.http.kernel.TrustedProxies;
import clawster.http.pairing.PairingEndpoints;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Ids;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.InMemoryGuessCounts;
import clawster.runtime.limits.Lockout;
import clawster.runtime.pairing.InMemoryPairings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets over loopback, as a dashboard opens them. */
@Timeout(60)
final class SocketTest {

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
              """
              pekko.http.server.idle-timeout = infinite
              pekko.http.server.remote-address-attribute = on
              """));

  private final InMemoryAuditLog audit = new InMemoryAuditLog();
  private final RefusedAttempts refused = new RefusedAttempts(audit, Clock.systemUTC());
  private final InMemoryApiKeys keys = new InMemoryApiKeys();
  private final KeyRing<KeySecret> ring = new KeyRing<>(keys, Clock.systemUTC());
  private final Departure departure = new Departure();
  private final Pair<BoundedSourceQueue<SocketEvent>, Source<SocketEvent, NotUsed>> events =
      Source.<SocketEvent>queue(100)
          .toMat(BroadcastHub.of(SocketEvent.class, 16), Keep.both())
          .run(kit.system());
  private final AtomicInteger usages = new AtomicInteger();
  private CompletableFuture<Void> slowly = CompletableFuture.completedFuture(null);
  private Duration patience = Duration.ofSeconds(10);
  private Optional<ServerBinding> binding = Optional.empty();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private Endpoint usage(Access access) {
    return new Chapter("Some", "", Dialect.GOCLAW)
        .get("/v1/quota/usage", access, "")
        .servedBy(
            call -> {
              usages.incrementAndGet();
              return slowly.thenApply(
                  _ ->
                      JsonAnswer.of(
                          JsonNodeFactory.instance
                              .objectNode()
                              .put("user", call.user().orElse(""))
                              .put("by", call.principal().id())));
            });
  }

  private static Endpoint health() {
    return new Chapter("Some", "", Dialect.GOCLAW)
        .get("/health", Access.PUBLIC, "")
        .servedBy(
            _ ->
                CompletableFuture.completedStage(
                    JsonAnswer.of(JsonNodeFactory.instance.objectNode().put("status", "ok"))));
  }

  private int serve(String token) {
    return serve(token, Access.READ);
  }

  private int serve(String token, Access access) {
    var pairings = new InMemoryPairings();
    var clock = new SteadyClock();
    var admission =
        new Admission(
            new Authentication(token, ring, new KeyRing<>(pairings, Clock.systemUTC())),
            new Lockout(new InMemoryGuessCounts(clock), "here", () -> true, clock));
    var all = new ArrayList<>(List.of(health(), usage(access)));
    all.addAll(
        new PairingEndpoints(pairings, Clock.systemUTC(), admission, !token.isEmpty()).endpoints());
    var sockets =
        new SocketEndpoints(
            kit.system(),
            admission,
            new Errands(refused, departure),
            () -> all,
            "1.2",
            departure,
            events::second,
            patience);
    var router =
        new Router(
            kit.system(),
            () -> new Guard(Set.of(), Set.of("https://friend.example")),
            () -> new TrustedProxies(List.of()),
            admission,
            Stream.concat(all.stream(), sockets.endpoints().stream()).toList(),
            departure,
            refused,
            () -> 0);
    binding =
        Optional.of(
            Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .bindFlow(router.connection())
                .toCompletableFuture()
                .join());
    return port();
  }

  private int port() {
    return binding.orElseThrow().localAddress().getPort();
  }

  private record Given(UUID id, String secret) {}

  private Given key(Scope... scopes) {
    var secret = KeySecret.next();
    var id = Ids.next();
    keys.add(
        new ApiKey(
            id,
            "a key",
            secret.prefix(),
            Set.of(scopes),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "gateway",
            Instant.now()),
        secret);
    return new Given(id, secret.reveal());
  }

  private static String token(String token) {
    return "{'token':'" + token + "'}";
  }

  private static String code(JsonNode answer) {
    return answer.at("/error/code").asText() + " " + answer.at("/error/details/code").asText();
  }

  // --- who is there ----------------------------------------------------------------------------

  @Test
  void whoShowsTheTokenIsAdmin() throws Exception {
    try (var peer = Peer.at(serve("s3cret"))) {
      var answer =
          peer.say(
                  "{'type':'req','id':7,'method':'connect','params':"
                      + "{'token':'s3cret','user_id':'alice','more':true}}")
              .hear();
      assertEquals(
          "{\"protocol\":3,\"server\":{\"name\":\"clawster\",\"version\":\"1.2\"},"
              + "\"role\":\"admin\",\"user_id\":\"alice\",\"is_owner\":true}",
          answer.get("payload").toString());
      assertEquals(7, answer.get("id").asInt());
      var usage = peer.ask("quota.usage", "{}").get("payload");
      assertEquals("{\"user\":\"alice\",\"by\":\"gateway\"}", usage.toString());
      assertEquals("INVALID_REQUEST socket.connected", code(peer.ask("connect", "{}")));
    }
  }

  @Test
  void withoutATokenEverybodyIsAdmin() throws Exception {
    try (var peer = Peer.at(serve(""))) {
      var payload = peer.ask("connect", "{}").get("payload");
      assertEquals("admin", payload.get("role").asText());
      assertEquals("system", payload.get("user_id").asText());
    }
  }

  /** Not a viewer, and not somebody who asks to be let in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'token':'wrong'}",
        "{'token':'s3cre'}",
        "{'token':'goclaw_00000000000000000000000000000000','sender_id':'browser-x'}",
        "{'token':'s3cret, x'}"
      })
  void aWrongTokenEndsIt(String params) throws Exception {
    try (var peer = Peer.at(serve("s3cret"))) {
      var answer = peer.ask("connect", params);
      assertEquals("UNAUTHORIZED request.unauthorized", code(answer));
      assertEquals(1000, peer.end());
    }
    assertEquals(1, noted("connect").size());
  }

  @Test
  void guessesAreCountedAsThoseOfRequestsAre() throws Exception {
    int port = serve("s3cret");
    for (int guess = 0; guess < 10; guess++) {
      try (var peer = Peer.at(port)) {
        peer.ask("connect", token("wrong" + guess));
      }
    }
    try (var peer = Peer.at(port)) {
      var answer = peer.ask("connect", token("s3cret"));
      assertEquals("RESOURCE_EXHAUSTED", answer.at("/error/code").asText(), answer.toString());
      assertTrue(answer.at("/error/retryAfterMs").asLong() > 200_000, answer.toString());
    }
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/quota/usage"))
            .header("Authorization", "Bearer s3cret")
            .build();
    var answer = Peer.CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(429, answer.statusCode(), "one budget for both");
  }

  /** It has one for each browser that waits, and whoever is denied asks on. */
  @Test
  void whoComesAgainWithItsSenderIdGuessesNothing() throws Exception {
    int port = serve("s3cret");
    var codes = new HashSet<String>();
    var sender = "";
    for (int times = 0; times < 12; times++) {
      try (var browser = Peer.at(port)) {
        var params = sender.isEmpty() ? "{}" : "{'sender_id':'" + sender + "'}";
        var asked = browser.ask("connect", params).get("payload");
        sender = asked.get("sender_id").asText();
        codes.add(asked.get("pairing_code").asText());
      }
    }
    assertEquals(1, codes.size());
    try (var admin = Peer.at(port)) {
      assertTrue(admin.ask("connect", token("s3cret")).get("ok").asBoolean());
      var code = "{'code':'" + codes.iterator().next() + "'}";
      assertTrue(admin.ask("device.pair.deny", code).get("ok").asBoolean());
    }
    try (var denied = Peer.at(port)) {
      var asked = denied.ask("connect", "{'sender_id':'" + sender + "'}").get("payload");
      assertTrue(codes.add(asked.get("pairing_code").asText()), "it asks anew");
    }
    assertEquals(1, noted("connect").size());
  }

  @Test
  void whoIsAskedToWaitAndSaysSomethingElseIsRefusedAndNoted() throws Exception {
    try (var browser = Peer.at(serve("s3cret"))) {
      browser.ask("connect", "{}");
      browser.ask("device.pair.list", "{}");
    }
    assertEquals(1, noted("device.pair.list").size());
  }

  @Test
  void nothingIsAnsweredBeforeConnect() throws Exception {
    int port = serve("s3cret");
    for (var method : List.of("health", "quota.usage", "none")) {
      try (var peer = Peer.at(port)) {
        assertEquals("UNAUTHORIZED socket.connect_first", code(peer.ask(method, "{}")));
        assertEquals(1000, peer.end());
      }
    }
    try (var peer = Peer.at(port)) {
      assertEquals("INVALID_REQUEST request.json", code(peer.say("no").hear()));
      assertEquals(1000, peer.end());
    }
    try (var peer = Peer.at(port)) {
      peer.say("x".repeat((16 << 10) + 1));
      assertEquals("INVALID_REQUEST socket.too_large", code(peer.hear()));
    }
  }

  @Test
  void whoDoesNotSayWhoItIsIsLeft() throws Exception {
    patience = Duration.ofSeconds(2);
    try (var silent = Peer.at(serve("s3cret"));
        var known = Peer.at(port())) {
      known.ask("connect", token("s3cret"));
      assertEquals(1000, silent.end());
      assertTrue(known.isOpen());
      assertTrue(known.ask("health", "{}").get("ok").asBoolean());
    }
  }

  @Test
  void aBrowserShowsACodeAndIsLetIn() throws Exception {
    try (var browser = Peer.at(serve("s3cret"));
        var admin = Peer.at(port())) {
      var asked = browser.ask("connect", "{'user_id':'alice','locale':'vi'}").get("payload");
      assertEquals("pending_pairing", asked.get("status").asText());
      var sender = asked.get("sender_id").asText();
      assertTrue(browser.ask("health", "{}").get("ok").asBoolean());
      assertEquals("UNAUTHORIZED request.unauthorized", code(browser.ask("quota.usage", "{}")));
      assertEquals("pending", status(browser, sender));

      admin.ask("connect", token("s3cret"));
      var list = admin.ask("device.pair.list", "{}").get("payload");
      assertEquals(1, list.get("pending").size());
      var code = "{'code':'" + asked.get("pairing_code").asText() + "'}";
      var paired = admin.ask("device.pair.approve", code).at("/payload/paired");
      assertEquals("browser", paired.get("channel").asText());
      assertEquals("NOT_FOUND pairing.no_such_code", code(admin.ask("device.pair.approve", code)));
      assertEquals("approved", status(browser, sender));

      var again = "{'sender_id':'" + sender + "'}";
      assertEquals("operator", browser.ask("connect", again).at("/payload/role").asText());
      assertEquals("UNAUTHORIZED request.forbidden", code(browser.ask("device.pair.list", "{}")));
      assertTrue(browser.ask("quota.usage", "{}").get("ok").asBoolean());
    }
  }

  private static String status(Peer peer, String sender) throws Exception {
    return peer.ask("browser.pairing.status", "{'sender_id':'" + sender + "'}")
        .at("/payload/status")
        .asText();
  }

  @Test
  void whoseKeyIsRevokedIsLeft() throws Exception {
    var given = key(Scope.READ);
    try (var peer = Peer.at(serve("s3cret"))) {
      assertEquals(
          "viewer", peer.ask("connect", token(given.secret())).at("/payload/role").asText());
      revoke(given);
      assertEquals(1000, peer.end());
    }
  }

  private void revoke(Given given) {
    keys.revoke(given.id(), Instant.now());
    ring.refresh().toCompletableFuture().join();
  }

  /** What has begun to come in is not of a time when it might. */
  @Test
  void aFrameThatIsHalfThereWhenItsKeyIsRevokedDoesNothing() throws Exception {
    var given = key(Scope.READ);
    try (var peer = Peer.at(serve("s3cret"))) {
      peer.ask("connect", token(given.secret()));
      peer.part("{'type':'req','id':'1','method':'quota.usage'");
      revoke(given);
      events.first().offer(event(Access.PUBLIC, 1));
      peer.partIfOpen("}", true);
      peer.end();
      assertTrue(peer.hearsNothing());
      assertEquals(0, usages.get());
    }
  }

  // --- who may what ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aMethodIsForWhomItsEndpointIs(Access access) throws Exception {
    serve("s3cret", access);
    for (var scope : Scope.values()) {
      try (var peer = Peer.at(port())) {
        peer.ask("connect", token(key(scope).secret()));
        var answer = peer.ask("quota.usage", "{}");
        boolean may = access.allows(Set.of(scope));
        assertEquals(may, answer.get("ok").asBoolean(), scope + ": " + answer);
        assertTrue(may || code(answer).equals("UNAUTHORIZED request.forbidden"));
      }
    }
    long not = Set.of(Scope.values()).stream().filter(s -> !access.allows(Set.of(s))).count();
    assertEquals(not, noted("quota.usage").size());
  }

  private List<String> noted(String name) {
    refused.tell().toCompletableFuture().join();
    return audit.list(AuditLog.Query.all(100, 0)).toCompletableFuture().join().entries().stream()
        .map(entry -> entry.entityId().orElse(""))
        .filter(name::equals)
        .toList();
  }

  @Test
  void whatIsNotThereIsRefusedToAdminsToo() throws Exception {
    try (var peer = Peer.at(serve(""))) {
      peer.ask("connect", "{'locale':'vi-VN'}");
      var answer = peer.ask("agents.delete", "{}");
      assertEquals("INVALID_REQUEST socket.unknown_method", code(answer));
      assertTrue(answer.at("/error/message").asText().contains("phương thức"), answer.toString());
    }
  }

  // --- frames ----------------------------------------------------------------------------------

  @Test
  void aFrameThatIsNoneIsRefusedAndTheNextOneAnswered() throws Exception {
    try (var peer = Peer.at(serve(""))) {
      peer.ask("connect", "{}");
      assertEquals("INVALID_REQUEST request.json", code(peer.say("no").hear()));
      assertEquals(
          "INVALID_REQUEST request.field",
          code(peer.ask("device.pair.approve", "{'code':1}")),
          "what its endpoint says");
      assertTrue(peer.ask("health", "{}").get("ok").asBoolean());
    }
  }

  @Test
  void whatIsTooLargeOrNoTextEndsIt() throws Exception {
    int port = serve("");
    try (var large = connected(port)) {
      large.say("x".repeat((512 << 10) + 1));
      assertEquals("INVALID_REQUEST socket.too_large", code(large.hear()));
      assertEquals(1000, large.end());
    }
    try (var pieces = connected(port)) {
      pieces.sayInPieces("x".repeat(60_000), 9);
      assertEquals("INVALID_REQUEST socket.too_large", code(pieces.hear()));
    }
    for (var piece : List.of("x".repeat(60_000), "x")) {
      try (var endless = Peer.at(port)) {
        assertThrows(CompletionException.class, () -> endless.sayInPieces(piece, 1_000_000));
      }
    }
    try (var bytes = Peer.at(port)) {
      bytes.sayBytes((byte) 1, (byte) 2);
      assertEquals("INVALID_REQUEST socket.text", code(bytes.hear()));
      assertEquals(1000, bytes.end());
    }
    try (var whole = Peer.at(port)) {
      whole.sayInPieces("{\"type\":\"req\",\"id\":\"1\",\"method\":\"connect\"}", 1);
      assertTrue(whole.hear().get("ok").asBoolean());
    }
  }

  private static Peer connected(int port) throws Exception {
    var peer = Peer.at(port);
    peer.ask("connect", "{}");
    return peer;
  }

  @Test
  void answersComeInTheOrderOfTheirQuestions() throws Exception {
    try (var peer = Peer.at(serve(""))) {
      for (int id = 0; id < 50; id++) {
        var method = id == 0 ? "connect" : id % 2 == 0 ? "health" : "quota.usage";
        peer.say("{'type':'req','id':" + id + ",'method':'" + method + "'}");
      }
      for (int id = 0; id < 50; id++) {
        var answer = peer.hear();
        assertEquals(id, answer.get("id").asInt());
        assertTrue(answer.get("ok").asBoolean(), answer.toString());
      }
    }
  }

  // --- events ----------------------------------------------------------------------------------

  private static SocketEvent event(Access access, int number) {
    return new SocketEvent(
        "some.event",
        access,
        language ->
            JsonNodeFactory.instance
                .objectNode()
                .put("number", number)
                .put("language", language.tag()));
  }

  @Test
  void eventsAreForThoseWhoMayKnowOfThem() throws Exception {
    serve("s3cret");
    try (var reader = Peer.at(port());
        var approver = Peer.at(port());
        var waiting = Peer.at(port())) {
      reader.ask("connect", "{'token':'" + key(Scope.READ).secret() + "','locale':'zh'}");
      approver.ask("connect", token(key(Scope.APPROVALS).secret()));
      waiting.ask("connect", "{}");
      events.first().offer(event(Access.READ, 1));
      assertEquals(
          "{\"type\":\"event\",\"event\":\"some.event\","
              + "\"payload\":{\"number\":1,\"language\":\"zh\"}}",
          reader.hear().toString());
      assertTrue(approver.hearsNothing());
      assertTrue(waiting.hearsNothing());
      events.first().offer(event(Access.ADMIN, 2));
      assertTrue(reader.hearsNothing());
    }
  }

  @Test
  void whoIsConnectedIsToldThatTheNodeLeaves() throws Exception {
    try (var peer = Peer.at(serve("s3cret"));
        var waiting = Peer.at(port())) {
      peer.ask("connect", token("s3cret"));
      waiting.ask("connect", "{}");
      departure.begin();
      for (var each : List.of(peer, waiting)) {
        assertEquals("shutdown", each.hear().get("event").asText());
        assertEquals(1000, each.end());
      }
    }
    var late = assertThrows(CompletionException.class, () -> Peer.at(port()));
    assertEquals(503, ((WebSocketHandshakeException) late.getCause()).getResponse().statusCode());
  }

  @Test
  void whatIsUnderWayWhenTheNodeLeavesIsAnsweredFirst() throws Exception {
    slowly = new CompletableFuture<>();
    try (var peer = Peer.at(serve(""))) {
      peer.ask("connect", "{}");
      peer.say("{'type':'req','id':'slow','method':'quota.usage'}");
      kit.createTestProbe()
          .awaitAssert(
              Duration.ofSeconds(10),
              () -> {
                assertEquals(1, usages.get());
                return null;
              });
      assertEquals(1, departure.open());
      departure.begin();
      assertTrue(peer.hearsNothing());
      slowly.complete(null);
      assertEquals("slow", peer.hear().get("id").asText());
      assertEquals("shutdown", peer.hear().get("event").asText());
      assertEquals(1000, peer.end());
      assertEquals(0, departure.open());
    }
  }

  // --- how one gets here -----------------------------------------------------------------------

  @Test
  void whoAsksForNoSocketIsTold() throws Exception {
    var answer =
        Peer.CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + serve("") + "/ws")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(426, answer.statusCode());
    assertEquals("websocket", answer.headers().firstValue("Upgrade").orElse(""));
    assertTrue(answer.body().contains("WebSocket"), answer.body());
  }

  /** Browsers send a page's origin, and let any page connect. */
  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil.example"})
  void aPageOfAnotherSiteDoesNotConnect(String origin) {
    int port = serve("");
    var failure =
        assertThrows(CompletionException.class, () -> connect(port, "Origin", origin).join());
    var refusal = (WebSocketHandshakeException) failure.getCause();
    assertEquals(403, refusal.getResponse().statusCode());
  }

  @Test
  void ourOwnPagesAndThoseOfFriendsDo() {
    int port = serve("");
    for (var origin : List.of("http://localhost:" + port, "https://friend.example")) {
      connect(port, "Origin", origin).join().abort();
    }
  }

  private static CompletableFuture<java.net.http.WebSocket> connect(
      int port, String header, String value) {
    return Peer.CLIENT
        .newWebSocketBuilder()
        .header(header, value)
        .buildAsync(
            URI.create("ws://localhost:" + port + "/ws"),
            new java.net.http.WebSocket.Listener() {});
  }
}
