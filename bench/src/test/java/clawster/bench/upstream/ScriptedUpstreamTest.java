package clawster.bench.upstream;

import static clawster.bench.upstream.Client.assistant;
import static clawster.bench.upstream.Client.body;
import static clawster.bench.upstream.Client.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptedUpstreamTest {

  private static final String OPENAI = "/v1/chat/completions";
  private static final String ANTHROPIC = "/v1/messages";

  private static ScriptedUpstream upstream;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    upstream = ScriptedUpstream.start(0);
    client = Client.of(upstream);
  }

  @AfterAll
  static void stop() {
    client.close();
    upstream.close();
  }

  @BeforeEach
  void forget() throws Exception {
    client.post("/__reset", Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,1",
    "/v1/chat/completions,3000",
    "/v1/messages,1",
    "/v1/messages,3000"
  })
  void streamedAndWholeAnswersSayTheSame(String path, int tokens) throws Exception {
    var prompt = user("[[fake tokens=" + tokens + "]]");
    var whole = text(path, client.whole(path, prompt));
    assertEquals(tokens, whole.split(" ").length);
    assertEquals(whole, streamed(path, client.events(path, prompt)));
  }

  @ParameterizedTest
  @ValueSource(strings = {OPENAI, ANTHROPIC})
  void wordsThatNeedEscapingArriveAsTheyWere(String path) throws Exception {
    var prompt = user("[[fake text=a%22b%0Ac%5C%20%F0%9F%A6%9E]]");
    assertEquals("a\"b\nc\\ \uD83E\uDD9E", text(path, client.whole(path, prompt)));
    assertEquals("a\"b\nc\\ \uD83E\uDD9E", streamed(path, client.events(path, prompt)));
  }

  @ParameterizedTest
  @ValueSource(strings = {OPENAI, ANTHROPIC})
  void anUnfinishedAnswerIsGoneOnWith(String path) throws Exception {
    var events = client.events(path, user("[[fake tokens=5]]"), assistant("t0 t1 "), user("go on"));
    assertEquals("t2 t3 t4", streamed(path, events));
  }

  @Test
  void openAiCallsAreJoinedByIndex() throws Exception {
    var prompt = user("CALL_TOOL a {\"x\":1}\nCALL_TOOL b {\"y\":\"z\"}");
    var calls = client.whole(OPENAI, prompt).at("/choices/0/message/tool_calls");
    assertEquals("{\"x\":1}", calls.at("/0/function/arguments").asText());
    var events = client.events(OPENAI, prompt);
    for (var index = 0; index < 2; index++) {
      var wanted = index;
      var joined =
          events.stream()
              .map(event -> event.at("/choices/0/delta/tool_calls/0"))
              .filter(call -> !call.isMissingNode() && call.path("index").asInt() == wanted)
              .map(call -> call.at("/function/arguments").asText())
              .collect(Collectors.joining());
      assertEquals(calls.path(index).at("/function/arguments").asText(), joined);
    }
    assertEquals(
        "tool_calls", events.get(events.size() - 2).at("/choices/0/finish_reason").asText());
  }

  @Test
  void anthropicCallsAreBlocks() throws Exception {
    var prompt = user("CALL_TOOL a {\"x\":1}\nCALL_TOOL b");
    var whole = client.whole(ANTHROPIC, prompt);
    assertEquals(1, whole.at("/content/0/input/x").asInt());
    assertEquals("tool_use", whole.path("stop_reason").asText());
    var events = client.events(ANTHROPIC, prompt);
    var names =
        events.stream()
            .map(event -> event.at("/content_block/name").asText())
            .filter(name -> !name.isEmpty());
    assertEquals(List.of("a", "b"), names.toList());
  }

  @Test
  void resultsAreReadOnBothWires() throws Exception {
    var openAi =
        client.whole(
            OPENAI,
            user("CALL_TOOL a"),
            assistant(""),
            Map.of("role", "tool", "tool_call_id", "c", "content", "r"));
    assertEquals("TOOL_RESULT \"r\"", text(OPENAI, openAi));
    var result = Map.of("type", "tool_result", "tool_use_id", "c", "content", "r");
    var anthropic =
        client.whole(
            ANTHROPIC,
            user("CALL_TOOL a"),
            assistant(""),
            Map.of("role", "user", "content", List.of(result)));
    assertEquals("TOOL_RESULT \"r\"", text(ANTHROPIC, anthropic));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,429,rate_limit_error", "/v1/chat/completions,500,api_error",
    "/v1/messages,401,authentication_error", "/v1/messages,529,overloaded_error"
  })
  void errorsComeInTheWiresOwnShape(String path, int status, String type) throws Exception {
    var response = client.post(path, body(true, user("[[fake err=" + status + " retry=3]]")));
    assertEquals(status, response.statusCode());
    assertTrue(response.body().contains("\"type\":\"" + type + "\""), response.body());
    assertEquals(status == 429 ? "3" : "", response.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void onlyTheFirstRequestsOfAKeyFail() throws Exception {
    var statuses = new int[3];
    for (var index = 0; index < 3; index++) {
      statuses[index] =
          client.post(OPENAI, body(false, user("[[fake err=500 errfirst=2 key=a]]"))).statusCode();
    }
    assertEquals(List.of(500, 500, 200), Arrays.stream(statuses).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {OPENAI, ANTHROPIC})
  void aCutStreamBreaksOffAfterItsTokens(String path) throws Exception {
    var lines = client.lines(path, body(true, user("[[fake tokens=9 cut=3]]"))).body().iterator();
    var seen = new StringBuilder();
    assertThrows(
        RuntimeException.class,
        () -> {
          while (lines.hasNext()) {
            seen.append(lines.next());
          }
        });
    assertTrue(seen.toString().contains("t2 "), seen.toString());
    assertFalse(seen.toString().contains("t3 "), seen.toString());
  }

  @Test
  void aBadLineIsWrittenWhereAsked() throws Exception {
    var body = client.post(OPENAI, body(true, user("[[fake tokens=3 bad=1]]"))).body();
    assertTrue(body.indexOf("not json") > body.indexOf("t0 "));
    assertTrue(body.indexOf("not json") < body.indexOf("t1 "));
    assertTrue(body.endsWith("data: [DONE]\n\n"));
  }

  @Test
  void terminatorAndUsageCanBeLeftOut() throws Exception {
    var body = client.post(OPENAI, body(true, user("[[fake tokens=3 nodone=1 nousage=1]]"))).body();
    assertFalse(body.contains("[DONE]"));
    assertFalse(body.contains("usage"));
    var anthropic = client.post(ANTHROPIC, body(true, user("[[fake tokens=3 nodone=1]]"))).body();
    assertFalse(anthropic.contains("message_stop"));
  }

  @Test
  void theScheduleIsKept() throws Exception {
    var began = System.nanoTime();
    client.events(OPENAI, user("[[fake tokens=5 delay=20 ttft=40]]"));
    var took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.toMillis() >= 120, "took " + took);
  }

  @Test
  void aClientThatGoesAwayHasAborted() throws Exception {
    try (var socket = new Socket("127.0.0.1", upstream.port())) {
      var body =
          "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[[fake tokens=9"
              + " delay=60000]]\"}]}";
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + OPENAI
                      + " HTTP/1.1\r\nhost: x\r\ncontent-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      assertTrue(socket.getInputStream().read() > 0);
      assertEquals(1, client.json("/__stats").path("active").asInt());
    }
    var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    var stats = client.json("/__stats");
    while (stats.path("aborted").asInt() == 0 && System.nanoTime() < deadline) {
      stats = client.json("/__stats");
    }
    assertEquals(1, stats.path("aborted").asInt());
    assertEquals(0, stats.path("active").asInt());
    assertTrue(stats.path("lastAbortAtMicros").asLong() > 0);
  }

  @Test
  void theNewestRequestsAreKept() throws Exception {
    client.whole(OPENAI, user("one"));
    client.whole(ANTHROPIC, user("two"));
    var last = client.json("/__last?n=1");
    assertEquals(1, last.size());
    assertEquals("two", last.at("/0/body/messages/0/content").asText());
    assertEquals(ANTHROPIC, last.at("/0/path").asText());
    assertEquals(2, client.json("/__stats").path("requests").asInt());
  }

  @Test
  void modelsAreListedAndNonsenseIsRefused() throws Exception {
    assertEquals("fake-1", client.json("/v1/models").at("/data/0/id").asText());
    assertEquals(404, client.get("/v2/models").statusCode());
    assertEquals(400, client.post(OPENAI, List.of()).statusCode());
  }

  private static String text(String path, JsonNode whole) {
    return whole
        .at(path.equals(OPENAI) ? "/choices/0/message/content" : "/content/0/text")
        .asText();
  }

  private static String streamed(String path, List<JsonNode> events) {
    var pointer = path.equals(OPENAI) ? "/choices/0/delta/content" : "/delta/text";
    return events.stream().map(event -> event.at(pointer).asText("")).collect(Collectors.joining());
  }
}
