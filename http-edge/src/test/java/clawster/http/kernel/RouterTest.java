package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.StorageAway;
import clawster.runtime.limits.Network;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers here say what they were given. */
final class RouterTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private static final Endpoint.Handler KEY = call -> text(call.variable("key"));
  private static final Endpoint.Handler REST = call -> text(call.variable("rest"));
  private static final Endpoint.Handler BODY = call -> text(call.body().utf8String());
  private static final Endpoint.Handler FAULT =
      _ -> {
        throw new IllegalStateException("a bug");
      };
  private static final Endpoint.Handler LATER =
      _ -> CompletableFuture.failedStage(new BadRequest(RequestProblems.field("x", Flaw.NUMBER)));

  private static final class Away extends StorageAway {
    private static final long serialVersionUID = 1L;

    Away() {
      super("gone for lunch");
    }
  }

  private static final Endpoint.Handler AWAY = _ -> CompletableFuture.failedStage(new Away());

  private static final Router ROUTER =
      new Router(
          KIT.system(),
          () -> new Guard(Set.of(), Set.of("https://chat.example.org")),
          () -> TrustedProxies.NONE,
          Some.admission("token"),
          List.of(
              endpoint(HttpMethods.GET, "/things", Access.PUBLIC, 0, _ -> text("all")),
              endpoint(HttpMethods.GET, "/things/{key}", Access.PUBLIC, 0, KEY),
              endpoint(HttpMethods.DELETE, "/things/{key}", Access.PUBLIC, 0, KEY),
              endpoint(HttpMethods.POST, "/things/{key}/part", Access.PUBLIC, 0, KEY),
              endpoint(HttpMethods.GET, "/rest/{rest...}", Access.PUBLIC, 0, REST),
              endpoint(HttpMethods.POST, "/body", Access.PUBLIC, 10, BODY),
              endpoint(HttpMethods.POST, "/locked", Access.WRITE, 10, BODY),
              endpoint(HttpMethods.GET, "/page", Access.PUBLIC, 0, _ -> page()),
              endpoint(HttpMethods.GET, "/fault", Access.PUBLIC, 0, FAULT),
              endpoint(HttpMethods.GET, "/away", Access.PUBLIC, 0, AWAY),
              endpoint(HttpMethods.GET, "/later", Access.PUBLIC, 0, LATER)),
          new Departure(),
          Some.refused(),
          () -> 0);

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static Endpoint endpoint(
      HttpMethod method, String path, Access access, long limit, Endpoint.Handler handler) {
    return Some.endpoint(method, path, access, limit, handler);
  }

  private static CompletableFuture<HttpResponse> text(String text) {
    return CompletableFuture.completedFuture(
        HttpResponse.create().withEntity(HttpEntities.create(text)));
  }

  private static CompletableFuture<HttpResponse> page() {
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .addHeader(RawHeader.create("Content-Security-Policy", "default-src 'self'"))
            .addHeader(RawHeader.create("Cache-Control", "no-cache")));
  }

  private static HttpResponse answer(HttpRequest request) throws Exception {
    return ROUTER
        .handle(request, new CompletableFuture<>())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static HttpRequest request(String method, String path) {
    return HttpRequest.create("http://localhost" + path)
        .withMethod(HttpMethods.lookup(method).orElseThrow());
  }

  private static String said(HttpResponse response) throws Exception {
    return response
        .entity()
        .toStrict(1_000, KIT.system())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .getData()
        .utf8String();
  }

  private static String header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value).orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "agent:default:main, agent:default:main",
    "agent%3Adefault%3Amain, agent:default:main",
    "a%2Fb, a/b",
    "a%2fb, a/b",
    "a%252Fb, a%2Fb",
    "a+b, a+b",
    "a%20b, a b",
    "a%3Fb%23c, a?b#c",
    "%C3%A9, é",
    "a%2F..%2Fb, a/../b",
  })
  void aVariableIsDecodedOnceAndOnlyOnce(String written, String read) throws Exception {
    assertEquals(read, said(answer(request("GET", "/things/" + written))));
  }

  @ParameterizedTest
  @CsvSource({
    "/rest/a, a",
    "/rest/a/b/c, a/b/c",
    "/rest/openclaw%2Fdefault, openclaw/default",
    "/rest/, ''",
    "/rest, ''",
  })
  void aRestTakesAllThatIsLeft(String path, String rest) throws Exception {
    assertEquals(rest, said(answer(request("GET", path))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//",
        "/thing",
        "/Things",
        "//things",
        "/things/a/",
        "/things/a/b",
        "/things%2Fa",
        "/things/a/part/b",
        "/body/"
      })
  void whatMatchesNothingIsNotFound(String path) throws Exception {
    assertEquals(404, answer(request("GET", path)).status().intValue(), path);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /things, 'GET, HEAD'",
    "POST, /things/a, 'DELETE, GET, HEAD'",
    "PUT, /things/a, 'DELETE, GET, HEAD'",
    "OPTIONS, /things/a, 'DELETE, GET, HEAD'",
    "GET, /things/a/part, POST",
    "GET, /locked, POST",
    "HEAD, /body, POST",
  })
  void anotherMethodIsToldWhichThereAre(String method, String path, String allow) throws Exception {
    var response = answer(request(method, path));
    assertEquals(405, response.status().intValue());
    assertEquals(allow, header(response, "Allow"));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, {}, 200",
    "application/json; charset=utf-8, {}, 200",
    "application/json, 0123456789, 200",
    "application/json, 0123456789a, 413",
    "text/plain, {}, 415",
    "application/x-www-form-urlencoded, a=b, 415",
    "application/jsonp, {}, 415",
    "multipart/form-data, {}, 415",
  })
  void aBodyIsJsonAndOfBoundedSize(String type, String body, int status) throws Exception {
    var contentType = ContentTypes.parse(type);
    var strict = HttpEntities.create(contentType, ByteString.fromString(body));
    assertEquals(status, answer(request("POST", "/body").withEntity(strict)).status().intValue());
    assertEquals(
        status,
        answer(request("POST", "/body").withEntity(chunked(contentType, body)))
            .status()
            .intValue());
  }

  private static org.apache.pekko.http.javadsl.model.HttpEntity.Chunked chunked(
      ContentType type, String body) {
    return HttpEntities.create(
        type, Source.from(body.chars().mapToObj(c -> ByteString.fromInts(c)).toList()));
  }

  @Test
  void bodiesTogetherAreBoundedUntilTheirRequestsAreAnswered() throws Exception {
    var answers = new ArrayList<CompletableFuture<HttpResponse>>();
    var router =
        new Router(
            KIT.system(),
            () -> new Guard(Set.of(), Set.of()),
            () -> TrustedProxies.NONE,
            Some.admission(""),
            List.of(
                endpoint(
                    HttpMethods.POST,
                    "/held",
                    Access.PUBLIC,
                    10,
                    _ -> {
                      answers.add(new CompletableFuture<>());
                      return answers.getLast();
                    })),
            new Departure(),
            Some.refused(),
            new Limits(Duration.ofSeconds(75), Duration.ofSeconds(75), Duration.ofSeconds(60), 12),
            Some.manyConnections());
    var first = router.handle(held(false), new CompletableFuture<>());
    for (boolean chunked : List.of(false, true)) {
      var second = router.handle(held(chunked), new CompletableFuture<>()).toCompletableFuture();
      var refused = second.get(10, TimeUnit.SECONDS);
      assertEquals(429, refused.status().intValue());
      assertEquals("2", header(refused, "Retry-After"));
    }
    answers.getFirst().complete(HttpResponse.create());
    first.toCompletableFuture().get(10, TimeUnit.SECONDS);
    for (boolean chunked : List.of(true, false)) {
      var next = router.handle(held(chunked), new CompletableFuture<>()).toCompletableFuture();
      KIT.createTestProbe()
          .awaitAssert(
              () -> {
                assertTrue(answers.size() > 1 && !answers.getLast().isDone());
                return answers;
              });
      answers.getLast().complete(HttpResponse.create());
      assertEquals(200, next.get(10, TimeUnit.SECONDS).status().intValue());
    }
  }

  private static HttpRequest held(boolean chunked) {
    var body = "0123456789";
    return request("POST", "/held")
        .withEntity(
            chunked
                ? chunked(ContentTypes.APPLICATION_JSON, body)
                : HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }

  @Test
  void anEmptyBodyMayBeOfAnyType() throws Exception {
    assertEquals(200, answer(request("POST", "/body")).status().intValue());
  }

  @Test
  void theTokenIsAskedForBeforeTheBodyIsLookedAt() throws Exception {
    var large = HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, "x".repeat(1_000));
    assertEquals(401, answer(request("POST", "/locked").withEntity(large)).status().intValue());
  }

  @Test
  void aBugIsAnAnswerThatGivesNothingAway() throws Exception {
    var response =
        answer(request("GET", "/fault").addHeader(RawHeader.create("x-request-id", "r1")));
    assertEquals(500, response.status().intValue());
    assertEquals("false", header(response, "x-should-retry"));
    var body = said(response);
    assertTrue(body.contains("r1"), body);
    assertFalse(body.contains("a bug"), body);
  }

  @Test
  void storageThatIsAwayComesBack() throws Exception {
    var response = answer(request("GET", "/away"));
    assertEquals(503, response.status().intValue());
    assertEquals("2", header(response, "Retry-After"));
  }

  @Test
  void aPageOfAnAllowedOriginMayAskAndReadTheAnswer() throws Exception {
    var origin = RawHeader.create("Origin", "https://chat.example.org");
    var preflight =
        answer(
            request("OPTIONS", "/locked")
                .addHeader(origin)
                .addHeader(RawHeader.create("Access-Control-Request-Method", "POST"))
                .addHeader(
                    RawHeader.create(
                        "Access-Control-Request-Headers", "authorization, content-type")));
    assertEquals(204, preflight.status().intValue());
    assertEquals("POST", header(preflight, "Access-Control-Allow-Methods"));
    assertEquals(
        "authorization, content-type",
        header(preflight, "Access-Control-Allow-Headers").toLowerCase(Locale.ROOT));
    for (var response : List.of(preflight, answer(request("POST", "/locked").addHeader(origin)))) {
      assertEquals("https://chat.example.org", header(response, "Access-Control-Allow-Origin"));
      assertEquals("Origin", header(response, "Vary"));
      assertEquals("", header(response, "Access-Control-Allow-Credentials"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost", "https://evil.example"})
  void noOtherPageIsAnswered(String origin) throws Exception {
    var response =
        answer(
            request("OPTIONS", "/locked")
                .addHeader(RawHeader.create("Host", "localhost"))
                .addHeader(RawHeader.create("Origin", origin))
                .addHeader(RawHeader.create("Access-Control-Request-Method", "POST")));
    assertTrue(response.status().intValue() >= 400);
    assertEquals("", header(response, "Access-Control-Allow-Origin"));
  }

  @Test
  void aRefusalMayComeLate() throws Exception {
    var response = answer(request("GET", "/later"));
    assertEquals(400, response.status().intValue());
    assertTrue(said(response).contains("\"param\":\"x\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/things", "/nothing", "/fault", "/later"})
  void everyAnswerCarriesTheRequestsId(String path) throws Exception {
    var given =
        answer(request("GET", path).addHeader(RawHeader.create("x-request-id", "abc-1.2:3")));
    assertEquals("abc-1.2:3", header(given, "x-request-id"));
    assertFalse(header(answer(request("GET", path)), "x-request-id").isBlank());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/things", "/locked", "/nothing", "/fault", "/later"})
  void everyAnswerTellsBrowsersToBeCareful(String path) throws Exception {
    var given = answer(request("GET", path));
    for (var expected :
        Map.of(
                "X-Content-Type-Options", "nosniff",
                "X-Frame-Options", "DENY",
                "Referrer-Policy", "no-referrer",
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
                "Cache-Control", "no-store",
                "Strict-Transport-Security", "")
            .entrySet()) {
      assertEquals(expected.getValue(), header(given, expected.getKey()), expected.getKey());
    }
  }

  /** A page's own policy is not followed by a second one, of which browsers would obey both. */
  @Test
  void whatAnAnswerSaysItselfItSaysOnce() throws Exception {
    var response = answer(request("GET", "/page"));
    var said = new ArrayList<String>();
    response.getHeaders().forEach(h -> said.add(h.lowercaseName()));
    assertEquals(said.size(), Set.copyOf(said).size(), said.toString());
    assertEquals("default-src 'self'", header(response, "Content-Security-Policy"));
    assertEquals("no-cache", header(response, "Cache-Control"));
  }

  @Test
  void onlyWhoCameByTlsIsToldToStayThere() throws Exception {
    var proxies = new TrustedProxies(List.of(Network.parse("10.0.0.1")));
    var router =
        new Router(
            KIT.system(),
            () -> new Guard(Set.of(), Set.of()),
            () -> proxies,
            Some.admission(""),
            List.of(endpoint(HttpMethods.GET, "/things", Access.PUBLIC, 0, _ -> text("all"))),
            new Departure(),
            Some.refused(),
            () -> 0);
    for (var peer : List.of("10.0.0.1", "10.0.0.2")) {
      var response =
          router
              .handle(
                  request("GET", "/things")
                      .addHeader(RawHeader.create("X-Forwarded-Proto", "https"))
                      .addAttribute(
                          AttributeKeys.remoteAddress,
                          RemoteAddress.create(new InetSocketAddress(peer, 4711))),
                  new CompletableFuture<>())
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      assertEquals(
          peer.equals("10.0.0.1") ? "max-age=31536000" : "",
          header(response, "Strict-Transport-Security"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "é", "<script>", "a\"b"})
  void anIdThatCouldDoHarmIsReplaced(String id) throws Exception {
    var response =
        answer(request("GET", "/things").addHeader(RawHeader.create("x-request-id", id)));
    assertNotEquals(id, header(response, "x-request-id"));
    assertFalse(header(response, "x-request-id").isBlank());
  }

  @Test
  void anIdMayHave128Characters() throws Exception {
    for (int length : List.of(128, 129)) {
      var id = "i".repeat(length);
      var response =
          answer(request("GET", "/things").addHeader(RawHeader.create("x-request-id", id)));
      assertEquals(length == 128, header(response, "x-request-id").equals(id));
    }
  }
}
