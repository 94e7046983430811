package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bad input gets: a status, and a body in the form of the route's dialect. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class BadInputTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String SESSION = "/v1/sessions/agent:default:bad-input";
  private static final int MIB = 1 << 20;

  private final Caller caller;
  private final Caller stranger;

  BadInputTest(Place place) {
    this.caller = place.caller();
    this.stranger = new Caller(caller.http(), caller.base(), "");
  }

  private static void assertOpenAi(int status, String type, String code, Answer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertEquals("application/json", answer.header("Content-Type"));
    var error = answer.json().at("/error");
    assertEquals(Set.of("message", "type", "param", "code"), fields(error), answer.text());
    assertTrue(error.at("/message").isTextual());
    assertEquals(type, error.at("/type").asText());
    assertEquals(code, error.at("/code").asText());
    assertFalse(answer.header("x-request-id").isEmpty());
  }

  private static void assertGoClaw(int status, Answer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertEquals("application/json", answer.header("Content-Type"));
    assertEquals(Set.of("error"), fields(answer.json()), answer.text());
    assertTrue(answer.json().at("/error").isTextual());
    assertFalse(answer.header("x-request-id").isEmpty());
  }

  private static Set<String> fields(JsonNode node) {
    return node.properties().stream().map(field -> field.getKey()).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                                    | request.json
          {                                                                     | request.json
          []                                                                    | request.json
          {"model":"default","model":"default"}                                 | request.json
          {"model":"default","messages":[{"role":"user","content":"a"}]} {}     | request.json
          {"model":"default","messages":"hi"}                                   | request.field
          {"model":"default","messages":[{"role":"robot","content":"hi"}]}      | request.field
          {"model":"default","messages":[{"role":"user","content":1}]}          | request.field
          {"model":"default","n":2,"messages":[{"role":"user","content":"hi"}]} | request.field
          {"model":"default","n":1e999,"messages":[{"role":"user","content":"hi"}]} | request.field
          {"messages":[{"role":"user","content":"hi"}]}                         | request.field
          {"model":"default","logprobs":true,"messages":[{"role":"user","content":"hi"}]} | request.field
          {"model":"default","messages":[]}                                     | chat.no_user_message
          {"model":"default","messages":[{"role":"system","content":"hi"}]}     | chat.no_user_message
          """)
  void aChatThatIsWrongIsABadRequest(String body, String code) {
    var answer = caller.call("POST", CHAT, body, "Content-Type", "application/json");
    assertOpenAi(400, "invalid_request_error", code, answer);
  }

  @Test
  void depthOver64IsABadRequest() {
    var deep = "{\"model\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertOpenAi(400, "invalid_request_error", "request.json", caller.call("POST", CHAT, deep));
    assertGoClaw(400, caller.call("PATCH", SESSION, deep));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "goclaw:nobody", "openclaw/nobody", ""})
  void anAgentThereIsNotIsNotFound(String model) {
    var answer = caller.chat(Caller.asking("hi").put("model", model));
    assertOpenAi(404, "invalid_request_error", "model.not_found", answer);
    assertEquals("model", answer.json().at("/error/param").asText());
  }

  @Test
  void aModelThereIsNotIsNotFound() {
    assertOpenAi(404, "invalid_request_error", "model.not_found", caller.get("/v1/models/nobody"));
    assertOpenAi(
        404,
        "invalid_request_error",
        "model.not_found",
        caller.get("/v1/models/openclaw%2Fnobody"));
  }

  @Test
  void modelsAreListedUnderEveryNameAChatTakes() {
    var ids =
        StreamSupport.stream(caller.get("/v1/models").good().at("/data").spliterator(), false)
            .map(model -> model.at("/id").asText())
            .toList();
    assertEquals(List.of("default", "goclaw:default", "openclaw", "openclaw/default"), ids);
    for (var id : ids) {
      assertEquals(id, caller.get("/v1/models/" + id).good().at("/id").asText());
      caller.chat(Caller.asking("[[fake tokens=1]]").put("model", id)).good();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/sessions/a/nothing",
        "/v2/models",
        "/admin",
        "/v1/chat/completions/",
        "/web/nothing.js",
        "/web/..%2f..%2fapplication.conf",
        "/web/%2e%2e/%2e%2e/application.conf",
        "/webjars/jquery/jquery.js"
      })
  void aPathThereIsNotIsNotFound(String path) {
    assertGoClaw(404, caller.get(path));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/chat/completions, POST",
    "DELETE, /v1/chat/completions, POST",
    "POST, /v1/models, 'GET, HEAD'",
    "PUT, /v1/models/default, 'GET, HEAD'",
  })
  void anotherMethodOfADialectOfOpenAi(String method, String path, String allow) {
    var answer = caller.call(method, path, "");
    assertOpenAi(405, "invalid_request_error", "request.method_not_allowed", answer);
    assertEquals(allow, answer.header("Allow"));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v1/sessions, 'GET, HEAD'",
    "PUT, /v1/sessions/a, 'DELETE, GET, HEAD, PATCH'",
    "GET, /v1/sessions/a/reset, POST",
    "DELETE, /v1/sessions/a/events, 'GET, HEAD'",
    "POST, /health, 'GET, HEAD'",
    "POST, /, 'GET, HEAD'",
  })
  void anotherMethodElsewhere(String method, String path, String allow) {
    var answer = caller.call(method, path, "");
    assertGoClaw(405, answer);
    assertEquals(allow, answer.header("Allow"));
  }

  @Test
  void aHeadIsAGetWithoutABody() {
    for (var path : List.of("/health", "/v1/models", "/", "/v1/sessions")) {
      var answer = caller.call("HEAD", path, "");
      assertEquals(200, answer.status());
      assertEquals("", answer.text());
    }
  }

  @Test
  void withoutTheTokenNobodyComesIn() {
    var body = Caller.asking("hi").toString();
    for (var token : List.of("", Place.TOKEN + "x")) {
      var wrong = new Caller(caller.http(), caller.base(), token);
      var chat = wrong.call("POST", CHAT, body);
      assertOpenAi(401, "authentication_error", "request.unauthorized", chat);
      assertOpenAi(401, "authentication_error", "request.unauthorized", wrong.get("/v1/models"));
      assertGoClaw(401, wrong.get("/v1/sessions"));
      assertGoClaw(401, wrong.get(SESSION));
      assertGoClaw(401, wrong.get(SESSION + "/events"));
      assertGoClaw(401, wrong.call("PATCH", SESSION, "{}"));
      assertGoClaw(401, wrong.call("DELETE", SESSION, ""));
    }
  }

  @Test
  void healthAndThePageNeedNoToken() {
    var health = stranger.get("/health").good();
    assertEquals("ok", health.at("/status").asText());
    assertEquals(3, health.at("/protocol").asInt());
    assertEquals("ok", stranger.call("GET", "/health", "", "Accept", "text/plain").text());
    assertTrue(stranger.get("/ready").good().at("/ready").asBoolean());
    assertTrue(stranger.get("/").header("Content-Type").startsWith("text/html"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "nonsense"})
  void whereJsonIsDueNothingElseWillDo(String type) {
    var body = Caller.asking("hi").toString();
    assertOpenAi(
        415,
        "invalid_request_error",
        "request.media_type",
        caller.call("POST", CHAT, body, "Content-Type", type));
    assertGoClaw(415, caller.call("PATCH", SESSION, "{}", "Content-Type", type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json;charset=UTF-8;profile=x"
      })
  void jsonMayHaveParameters(String type) {
    var body = Caller.asking("[[fake tokens=1]]").toString();
    caller.call("POST", CHAT, body, "Content-Type", type).good();
  }

  @Test
  void aChatMayHave20MibAndOtherJsonOne() {
    var half = Caller.message("user", "x".repeat(10 * MIB - 1_000));
    caller.chat(Caller.saying(half, half)).good();
    assertOpenAi(
        413,
        "invalid_request_error",
        "request.too_large",
        caller.chat(Caller.asking("x".repeat(20 * MIB))));
    var patch = "{\"label\":\"" + "x".repeat(MIB) + "\"}";
    assertGoClaw(413, caller.call("PATCH", SESSION, patch));
  }

  @Test
  void aSessionWhoseQueueIsFullSaysWhenToComeBack() {
    var key = "agent:default:full-queue";
    var running = caller.later(key, Caller.asking("[[fake tokens=100000 delay=50]]"));
    Await.until("it runs", () -> caller.session(key).status() == 200);
    var waiting = new ArrayList<CompletableFuture<java.net.http.HttpResponse<String>>>();
    for (int i = 0; i < 33; i++) {
      waiting.add(caller.later(key, Caller.asking("[[fake tokens=1]]")));
    }
    Await.until("one was refused", () -> waiting.stream().anyMatch(CompletableFuture::isDone));
    var response =
        waiting.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow().join();
    var refused = new Answer(response.statusCode(), response.headers(), response.body());
    assertOpenAi(429, "rate_limit_error", "session.queue_full", refused);
    assertEquals("5", refused.header("Retry-After"));
    caller.post(Caller.path(key) + "/abort").good();
    running.join();
    for (var each : waiting) {
      assertTrue(Set.of(200, 422, 429).contains(each.join().statusCode()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model":"nobody/model"}   | 400
          {"model":"gpt-5"}          | 400
          {"model":"demo/%s"}        | 400
          {"metadata":{"a":"%s%s"}}  | 400
          {"metadata":{"%s":"%s"}}   | 400
          {"label":5}                | 400
          {"model":"demo/demo"}      | 200
          {"metadata":{"a":"%s"}}    | 200
          {"model":""}               | 200
          """)
  void aPatchIsOfBoundedSizeAndNamesAModelThereIs(String patch, int status) {
    var key = "agent:default:patched";
    caller.chat(key, Caller.asking("[[fake tokens=1]]")).good();
    var answer = caller.call("PATCH", Caller.path(key), patch.replace("%s", "x".repeat(5_000)));
    assertEquals(status, answer.status(), answer.text());
  }

  @Test
  void theIdOfARequestComesBack() {
    assertEquals(
        "trace-1",
        caller.call("GET", "/v1/models", "", "x-request-id", "trace-1").header("x-request-id"));
    assertFalse(caller.get("/v1/models").header("x-request-id").isEmpty());
  }

  /** Headers that the JDK's client would not send. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /v1/models HTTP/1.1\\nHost: localhost                                        | 200
          GET /v1/models HTTP/1.1\\nHost: evil.example                                     | 421
          GET /health HTTP/1.1\\nHost: localhost.evil.example                              | 421
          GET /v1/models HTTP/1.1\\nHost: localhost:1@evil.example                         | 4..
          GET /v1/models HTTP/1.1\\nHost: localhost\\nHost: evil.example                   | 4..
          GET /v1/models HTTP/1.1\\nHost: evil.example\\nHost: localhost                   | 4..
          GET http://evil.example/v1/models HTTP/1.1\\nHost: localhost                     | 4..
          GET http://localhost/v1/models HTTP/1.1\\nHost: evil.example                     | 4..
          GET /v1/models HTTP/1.1                                                          | 4..
          GET /v1/models HTTP/1.0                                                          | 4..
          GET /v1/models HTTP/1.1\\nHost: localhost\\nOrigin: http://localhost             | 200
          GET /v1/models HTTP/1.1\\nHost: localhost\\nOrigin: http://evil.example          | 403
          GET /v1/models HTTP/1.1\\nHost: localhost\\nOrigin: null                         | 403
          GET /v1/models HTTP/1.1\\nHost: localhost\\nOrigin: http://localhost.evil.example | 403
          GET /v1/models HTTP/1.1\\nHost: evil.example\\nOrigin: http://evil.example       | 421
          GET /v1/models HTTP/1.1\\nHost: localhost\\nX-Forwarded-Host: evil.example       | 200
          GET /v1/models HTTP/1.1\\nHost: evil.example\\nX-Forwarded-Host: localhost       | 421
          GET /v1/sessions/%zz HTTP/1.1\\nHost: localhost                                  | 400
          GET /v1/sessions/%ff HTTP/1.1\\nHost: localhost                                  | 4..
          GET /v1/sessions/%00 HTTP/1.1\\nHost: localhost                                  | 400
          GET /v1/sessions?limit=1&&=& HTTP/1.1\\nHost: localhost                          | 200
          GET /v1/sessions?[]=1 HTTP/1.1\\nHost: localhost                                 | 4..
          GET /web/../../etc/passwd HTTP/1.1\\nHost: localhost                             | 4..
          GET /web/..%5c..%5cx.js HTTP/1.1\\nHost: localhost                               | 404
          GET * HTTP/1.1\\nHost: localhost                                                 | 4..
          BREW /v1/models HTTP/1.1\\nHost: localhost                                       | 501
          nonsense                                                                         | 4..
          """)
  void rawRequests(String lines, String status) throws IOException {
    var request =
        lines.replace("\\n", "\r\n")
            + "\r\nAuthorization: Bearer "
            + Place.TOKEN
            + "\r\nConnection: close\r\n\r\n";
    try (var socket = new Socket(caller.base().getHost(), caller.base().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 "), answer);
      assertTrue(answer.substring(9, 12).matches(status), answer);
    }
  }
}
