package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations as an OpenAI client has them. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class ChatStoryTest {

  private final Place place;
  private final Caller caller;

  ChatStoryTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  private static String text(List<Events.Event> events) {
    return events.stream().map(Events.Event::delta).collect(Collectors.joining());
  }

  private static JsonNode message(Answer answer) {
    return answer.good().at("/choices/0/message");
  }

  private static ObjectNode offering(ObjectNode body, String... tools) {
    var all = body.putArray("tools");
    for (var tool : tools) {
      all.addObject().put("type", "function").putObject("function").put("name", tool);
    }
    return body;
  }

  @Test
  void anAnswerStreams() {
    var body = Caller.asking("[[fake tokens=6 delay=5]]");
    body.putObject("stream_options").put("include_usage", true);
    try (var stream = caller.stream("", body)) {
      assertEquals("text/event-stream", stream.header("Content-Type"));
      var events = stream.toTheEnd();
      assertEquals("assistant", events.getFirst().json().at("/choices/0/delta/role").asText());
      assertEquals("t0 t1 t2 t3 t4 t5", text(events));
      var usage = events.get(events.size() - 2).json().at("/usage");
      assertEquals(6, usage.at("/completion_tokens").asInt());
      assertTrue(events.getLast().isDone());
      assertEquals(
          1, events.stream().filter(e -> e.data().contains("\"finish_reason\":\"stop\"")).count());
    }
  }

  @Test
  void wordsComeWhileTheModelIsStillSpeaking() {
    try (var stream = caller.stream("", Caller.asking("[[fake tokens=100000 delay=20]]"))) {
      assertTrue(text(stream.until(event -> event.delta().contains("t3"))).startsWith("t0 t1 t2"));
    }
  }

  @Test
  void anAnswerComesWhole() {
    var completion = caller.chat(Caller.asking("[[fake tokens=6]]")).good();
    assertEquals("chat.completion", completion.at("/object").asText());
    assertEquals("openclaw", completion.at("/model").asText());
    assertEquals("t0 t1 t2 t3 t4 t5", completion.at("/choices/0/message/content").asText());
    assertEquals("stop", completion.at("/choices/0/finish_reason").asText());
    assertEquals(6, completion.at("/usage/completion_tokens").asInt());
  }

  @Test
  void aLongAnswerComesWholeToo() {
    var text = message(caller.chat(Caller.asking("[[fake tokens=20000]]"))).at("/content").asText();
    assertTrue(text.endsWith(" t19999"), "ends in " + text.substring(text.length() - 20));
    assertEquals(20_000, text.split(" ").length);
  }

  @Test
  void aFreshSessionAnswersTheHistoryItIsGiven() {
    var answer =
        caller.chat(
            Caller.saying(
                Caller.message("system", "be brief"),
                Caller.message("user", "MARK:one"),
                Caller.message("assistant", "yes"),
                Caller.message("user", "MARK:two ECHO_HISTORY")));
    var heard = message(answer).at("/content").asText();
    assertTrue(heard.contains("user=2 asst=1 tool=0 sys=1"), heard);
    assertTrue(heard.endsWith("marks=one,two"), heard);
  }

  @Test
  void aKeptSessionRemembersAndHearsOnlyWhatIsNew() {
    caller.chat("agent:default:remembers", Caller.asking("MARK:one")).good();
    var again =
        Caller.saying(
            Caller.message("user", "MARK:one"),
            Caller.message("assistant", "as the client remembers it"),
            Caller.message("user", "MARK:two ECHO_HISTORY"));
    var heard = message(caller.chat("agent:default:remembers", again)).at("/content").asText();
    assertTrue(heard.contains("user=2 asst=1"), heard);
    assertTrue(heard.endsWith("marks=one,two"), heard);
  }

  @Test
  void aUserOfAnOpenclawModelHasASession() {
    caller.chat(Caller.asking("MARK:one").put("user", "ada")).good();
    var answer = caller.chat(Caller.asking("MARK:two ECHO_HISTORY").put("user", "ada"));
    assertEquals("agent%3Adefault%3Aopenai-user%3Aada", answer.header("x-clawster-session"));
    assertTrue(message(answer).at("/content").asText().endsWith("marks=one,two"), answer.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\\"quoted\\\"", "\\u0000", "\\ud83d\\ude00", "漢字 é", "\\ud800"})
  void anyTextGoesUpAndComesBack(String text) {
    var body =
        "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(text + " [[fake tokens=2]]");
    var key = "text " + text.hashCode();
    var answer = caller.call("POST", "/v1/chat/completions", body, "x-openclaw-session-key", key);
    assertEquals("t0 t1", message(answer).at("/content").asText());
    assertEquals(2, caller.session(key).good().at("/messages").size());
  }

  @Test
  void aCallersToolIsCalledByTheCaller() {
    var question = Caller.message("user", "CALL_TOOL get_weather {\"city\":\"Oslo\"}");
    var asked = caller.chat(offering(Caller.saying(question), "get_weather"));
    assertEquals("tool_calls", asked.good().at("/choices/0/finish_reason").asText());
    var call = message(asked).at("/tool_calls/0");
    assertEquals("get_weather", call.at("/function/name").asText());
    assertEquals("{\"city\":\"Oslo\"}", call.at("/function/arguments").asText());
    var result = Caller.message("tool", "12 degrees");
    result.put("tool_call_id", call.at("/id").asText());
    var answered =
        caller.chat(
            offering(Caller.saying(question, (ObjectNode) message(asked), result), "get_weather"));
    assertEquals("TOOL_RESULT \"12 degrees\"", message(answered).at("/content").asText());
  }

  @Test
  void callsStreamWithTheirIndex() {
    var question =
        "CALL_TOOL get_weather {\"city\":\"Oslo\"}\nCALL_TOOL get_weather {\"city\":\"Rom\"}";
    try (var stream = caller.stream("", offering(Caller.asking(question), "get_weather"))) {
      var calls =
          stream.toTheEnd().stream()
              .filter(event -> event.data().contains("tool_calls\":["))
              .map(event -> event.json().at("/choices/0/delta/tool_calls/0"))
              .toList();
      assertEquals(2, calls.size());
      assertEquals(0, calls.get(0).at("/index").asInt());
      assertEquals(1, calls.get(1).at("/index").asInt());
      assertEquals("{\"city\":\"Rom\"}", calls.get(1).at("/function/arguments").asText());
    }
  }

  @Test
  void aKeptSessionWaitsForTheCallersResult() {
    var key = "agent:default:waits";
    var asked =
        caller.chat(key, offering(Caller.asking("CALL_TOOL get_weather {}"), "get_weather"));
    var result = Caller.message("tool", "12 degrees");
    result.put("tool_call_id", message(asked).at("/tool_calls/0/id").asText());
    var full =
        Caller.saying(Caller.message("user", "weather?"), (ObjectNode) message(asked), result);
    assertEquals(
        "TOOL_RESULT \"12 degrees\"",
        message(caller.chat(key, offering(full, "get_weather"))).at("/content").asText());
    var messages = caller.session(key).good().at("/messages");
    assertEquals(
        List.of("user", "assistant", "tool", "assistant"), messages.findValuesAsText("role"));
    assertEquals("get_weather", messages.at("/1/tool_calls/0/name").asText());
    assertTrue(messages.at("/1/tool_calls/0/arguments").isObject());
    assertEquals(
        messages.at("/1/tool_calls/0/id").asText(), messages.at("/2/tool_call_id").asText());
  }

  @Test
  void aToolOfOursWritesInTheSessionsWorkspace() throws Exception {
    var key = "agent:default:writes";
    var call = "CALL_TOOL write_file {\"path\":\"notes/a.txt\",\"content\":\"hello\"}";
    var answer = message(caller.chat(key, Caller.asking(call))).at("/content").asText();
    assertTrue(answer.startsWith("TOOL_RESULT \"wrote 5 bytes"), answer);
    try (var files = Files.walk(place.data().resolve("workspaces"))) {
      var written = files.filter(file -> file.endsWith(Path.of("notes", "a.txt"))).toList();
      assertEquals(1, written.size());
      assertEquals("hello", Files.readString(written.getFirst()));
    }
  }

  @Test
  void noToolLeavesTheWorkspace() {
    var call = "CALL_TOOL write_file {\"path\":\"../../escaped.txt\",\"content\":\"hello\"}";
    var answer = message(caller.chat(Caller.asking(call))).at("/content").asText();
    assertTrue(answer.contains("not a path inside the workspace"), answer);
    assertFalse(Files.exists(place.data().resolve("escaped.txt")));
  }

  @Test
  void ofToolsOfBothSidesOursRunAndTheCallersEndTheTurn() {
    var key = "agent:default:both";
    var question = "CALL_TOOL datetime {}\nCALL_TOOL get_weather {}";
    var asked = caller.chat(key, offering(Caller.asking(question), "get_weather"));
    assertEquals("tool_calls", asked.good().at("/choices/0/finish_reason").asText());
    assertEquals(List.of("get_weather"), message(asked).at("/tool_calls").findValuesAsText("name"));
    var roles = caller.session(key).good().at("/messages").findValuesAsText("role");
    assertEquals(List.of("user", "assistant", "tool"), roles);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, upstream.refused",
    "401, 502, upstream.unauthorized",
    "403, 502, upstream.unauthorized",
  })
  void anUpstreamsRefusalIsTold(int upstream, int status, String code) {
    var body = Caller.asking("[[fake err=" + upstream + "]]");
    var answer = caller.chat(body);
    assertEquals(status, answer.status(), answer.text());
    assertEquals(code, answer.json().at("/error/code").asText());
    assertFalse(answer.text().contains("key-of-the-scripted-upstream"));
    try (var stream = caller.stream("", body)) {
      var events = stream.toTheEnd();
      assertEquals(code, events.get(1).json().at("/error/code").asText());
      assertTrue(events.getLast().isDone());
    }
  }

  @Test
  void whatWasAcceptedAndFailedIsNotToBeAskedAgain() {
    var failed = caller.chat(Caller.asking("[[fake err=401]]"));
    assertEquals(502, failed.status());
    assertEquals("false", failed.header("x-should-retry"));
    var key = "agent:default:stopped whole";
    var answer = caller.later(key, Caller.asking("[[fake tokens=100000 delay=20]]"));
    Await.until("it runs", () -> caller.session(key).status() == 200);
    caller.post(Caller.path(key) + "/abort").good();
    assertEquals(422, answer.join().statusCode());
    assertEquals("false", answer.join().headers().firstValue("x-should-retry").orElse(""));
    assertEquals(
        "agent%3Adefault%3Astopped%20whole",
        answer.join().headers().firstValue("x-clawster-session").orElse(""));
  }

  @Test
  void aResultAloneIsEnoughForASessionThatWaitsForIt() {
    var key = "agent:default:result-alone";
    var asked =
        caller.chat(key, offering(Caller.asking("CALL_TOOL get_weather {}"), "get_weather"));
    var result = Caller.message("tool", "12 degrees");
    result.put("tool_call_id", message(asked).at("/tool_calls/0/id").asText());
    var answered = caller.chat(key, offering(Caller.saying(result), "get_weather"));
    assertEquals("TOOL_RESULT \"12 degrees\"", message(answered).at("/content").asText());
  }

  @Test
  void aBusyUpstreamIsAskedAgain() {
    var body = Caller.asking("[[fake tokens=3 err=429 errfirst=1 retry=0 key=busy]]");
    assertEquals("t0 t1 t2", message(caller.chat(body)).at("/content").asText());
  }

  @Test
  void anAnswerThatIsCutGoesOnWhereItWas() {
    var body = Caller.asking("[[fake tokens=45 delay=2 cut=10]]");
    var key = "agent:default:cut";
    try (var stream = caller.stream(key, body)) {
      var said = text(stream.toTheEnd());
      var kept = caller.session(key).good().at("/messages/1");
      assertEquals(said, kept.at("/content").asText());
      // How much of what came before the cut is still heard, the connection decides.
      assertTrue(said.startsWith("t0 t1") && counted(45).startsWith(said.strip()), said);
      assertTrue(kept.at("/mark").asText().matches("recovered|incomplete"), kept.toString());
    }
  }

  private static String counted(int tokens) {
    return IntStream.range(0, tokens).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
  }

  @Test
  void theSessionsModelAnswers() {
    var key = "agent:default:demo";
    caller.chat(key, Caller.asking("[[fake tokens=1]]")).good();
    caller.call("PATCH", Caller.path(key), "{\"model\":\"demo/demo\"}").good();
    var said = message(caller.chat(key, Caller.asking("Who are you?"))).at("/content").asText();
    assertTrue(said.contains("demo model") && said.contains("> Who are you?"), said);
    var called = message(caller.chat(key, Caller.asking("call datetime {}"))).at("/content");
    assertTrue(called.asText().contains("The tool **datetime** answered"), called.toString());
  }
}
