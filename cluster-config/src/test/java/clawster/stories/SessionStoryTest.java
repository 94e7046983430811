package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions as the reference has them, plus ids and timestamps. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class SessionStoryTest {

  private final Caller caller;

  SessionStoryTest(Place place) {
    this.caller = place.caller();
  }

  private void ask(String key, String text) {
    caller.chat(key, Caller.asking(text)).good();
  }

  private JsonNode list(String query) {
    return caller.get("/v1/sessions" + query).good();
  }

  /** Lists are written a moment after the session. */
  private JsonNode listed(String key) {
    Await.until(key + " is listed", () -> find(key, "?limit=200").isObject());
    return find(key, "?limit=200");
  }

  private JsonNode find(String key, String query) {
    for (var item : list(query).at("/sessions")) {
      if (item.at("/key").asText().equals(key)) {
        return item;
      }
    }
    return Answer.JSON.missingNode();
  }

  @Test
  void aSessionIsReadWithItsMessages() {
    var key = "agent:default:read me/100%?";
    var before = Instant.now();
    ask(key, "[[fake tokens=3]]");
    var session = caller.session(key).good();
    assertEquals(key, session.at("/key").asText());
    assertEquals("default", session.at("/agentName").asText());
    assertEquals("http", session.at("/channel").asText());
    assertEquals("system", session.at("/userID").asText());
    assertFalse(session.at("/isRunning").asBoolean());
    assertTrue(session.at("/outputTokens").asLong() >= 3);
    var messages = session.at("/messages");
    assertEquals(List.of("user", "assistant"), messages.findValuesAsText("role"));
    assertEquals(List.of("[[fake tokens=3]]", "t0 t1 t2"), messages.findValuesAsText("content"));
    for (var message : messages) {
      assertEquals(7, UUID.fromString(message.at("/id").asText()).version());
      assertFalse(Instant.parse(message.at("/timestamp").asText()).isBefore(before.minusMillis(1)));
      assertFalse(message.has("mark"));
    }
    assertEquals(
        session.at("/messages"), caller.post(Caller.path(key) + "/preview").good().at("/messages"));
  }

  @Test
  void aSessionIsListed() {
    var key = "agent:default:listed";
    ask(key, "[[fake tokens=3]]");
    var item = listed(key);
    assertEquals(2, item.at("/messageCount").asInt());
    assertEquals("default", item.at("/agentName").asText());
    assertFalse(
        Instant.parse(item.at("/updated").asText())
            .isBefore(Instant.parse(item.at("/created").asText())));
    assertFalse(item.has("messages"));
  }

  @Test
  void aStatelessCallIsListedOnlyWhenAskedFor() {
    var key =
        java.net.URLDecoder.decode(
            caller.chat(Caller.asking("[[fake tokens=1]]")).header("x-clawster-session"),
            java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(key.startsWith("agent:default:http-"), key);
    Await.until("it is listed", () -> find(key, "?stateless=true&limit=200").isObject());
    assertTrue(find(key, "?limit=200").isMissingNode());
  }

  @Test
  void listsComeInPages() {
    for (var key : List.of("page 1", "page 2", "page 3")) {
      ask(key, "[[fake tokens=1]]");
      listed(key);
    }
    var first = list("?limit=2");
    var second = list("?limit=2&offset=2");
    assertEquals(2, first.at("/sessions").size());
    assertEquals(2, first.at("/limit").asInt());
    assertEquals(2, second.at("/offset").asInt());
    assertTrue(first.at("/total").asInt() >= 3);
    assertEquals("page 3", first.at("/sessions/0/key").asText());
    assertEquals("page 2", first.at("/sessions/1/key").asText());
    assertEquals("page 1", second.at("/sessions/0/key").asText());
    var behind = list("?offset=1000");
    assertEquals(0, behind.at("/sessions").size());
    assertTrue(behind.at("/total").asInt() >= 3);
  }

  @ParameterizedTest
  @CsvSource({
    "?agent_id=default&limit=200, true",
    "?agentId=default&limit=200, true",
    "?channel=http&limit=200, true",
    "?agent_id=default&channel=http&limit=200, true",
    "?agent_id=writer, false",
    "?channel=telegram, false",
    "?agent_id=%27%20or%201%3D1, false",
  })
  void listsAreFiltered(String query, boolean there) {
    var key = "agent:default:filtered";
    if (caller.session(key).status() == 404) {
      ask(key, "[[fake tokens=1]]");
    }
    listed(key);
    assertEquals(there, find(key, query).isObject());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?limit=",
        "?offset=-1",
        "?limit=1.5",
        "?offset=99999999999",
        "?agent_id=%00",
        "?channel=a%00b"
      })
  void aListThatCannotBeIsRefused(String query) {
    var answer = caller.get("/v1/sessions" + query);
    assertEquals(400, answer.status(), answer.text());
    assertTrue(answer.json().at("/error").isTextual(), answer.text());
  }

  @Test
  void aPatchChangesWhatItNamesAndNothingElse() {
    var key = "agent:default:patched";
    ask(key, "[[fake tokens=1]]");
    var patch = "{\"label\":\"A name\",\"metadata\":{\"colour\":\"r\u00f6d\\u0000\\n\"}}";
    assertEquals(
        "{\"ok\":true,\"key\":\"" + key + "\"}",
        caller.call("PATCH", Caller.path(key), patch).good().toString());
    caller.call("PATCH", Caller.path(key), "{\"model\":\"openai/other\"}").good();
    var session = caller.session(key).good();
    assertEquals("A name", session.at("/label").asText());
    assertEquals("openai/other", session.at("/model").asText());
    assertEquals("r\u00f6d\u0000\n", session.at("/metadata/colour").asText());
    Await.until("it is listed so", () -> listed(key).at("/model").asText().equals("openai/other"));
    assertEquals("A name", listed(key).at("/label").asText());
    caller.call("PATCH", Caller.path(key), "{\"label\":\"\",\"metadata\":{}}").good();
    assertFalse(caller.session(key).good().has("label"));
    assertFalse(caller.session(key).good().has("metadata"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"label\":5}",
        "{\"label\":\"a\\u0000b\"}",
        "{\"label\":\"a\\nb\"}",
        "{\"model\":true}",
        "{\"model\":\"a\\u0000b\"}",
        "{\"metadata\":[]}",
        "{\"metadata\":{\"a\":1}}",
        "{\"label\":\"a\",\"label\":\"b\"}",
        "[]",
        ""
      })
  void aPatchThatIsWrongChangesNothing(String patch) {
    var key = "agent:default:not patched";
    if (caller.session(key).status() == 404) {
      ask(key, "[[fake tokens=1]]");
    }
    var answer = caller.call("PATCH", Caller.path(key), patch, "Content-Type", "application/json");
    assertEquals(400, answer.status(), answer.text());
    assertTrue(answer.json().at("/error").isTextual(), answer.text());
    assertFalse(caller.session(key).good().has("label"));
  }

  @Test
  void aLabelIsBounded() {
    var key = "agent:default:long label";
    ask(key, "[[fake tokens=1]]");
    assertEquals(200, caller.call("PATCH", Caller.path(key), label(200)).status());
    assertEquals(400, caller.call("PATCH", Caller.path(key), label(201)).status());
  }

  private static String label(int length) {
    return "{\"label\":\"" + "l".repeat(length) + "\"}";
  }

  @Test
  void aResetSessionIsEmptyAndStaysTheSame() {
    var key = "agent:default:reset";
    ask(key, "MARK:before");
    caller.call("PATCH", Caller.path(key), "{\"label\":\"kept\"}").good();
    assertEquals("{\"ok\":true}", caller.post(Caller.path(key) + "/reset").good().toString());
    var session = caller.session(key).good();
    assertEquals(0, session.at("/messages").size());
    assertEquals("kept", session.at("/label").asText());
    var answer = caller.chat(key, Caller.asking("MARK:after ECHO_HISTORY"));
    assertTrue(answer.text().contains("marks=after\""), answer.text());
  }

  @Test
  void aDeletedSessionIsGoneAndItsKeyFree() {
    var key = "agent:default:deleted";
    ask(key, "MARK:before");
    listed(key);
    assertEquals("{\"ok\":true}", caller.call("DELETE", Caller.path(key), "").good().toString());
    assertEquals(404, caller.session(key).status());
    assertEquals(404, caller.call("DELETE", Caller.path(key), "").status());
    Await.until("it is off the list", () -> find(key, "?limit=200").isMissingNode());
    var answer = caller.chat(key, Caller.asking("MARK:after ECHO_HISTORY"));
    assertTrue(answer.text().contains("marks=after\""), answer.text());
  }

  @Test
  void anAbortedAnswerKeepsWhatWasSaid() {
    var key = "agent:default:aborted";
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=100000 delay=10]]"))) {
      var said = new StringBuilder();
      stream
          .until(event -> event.delta().contains("t5"))
          .forEach(event -> said.append(event.delta()));
      assertTrue(caller.session(key).good().at("/isRunning").asBoolean());
      var aborted = caller.post(Caller.path(key) + "/abort").good();
      assertTrue(aborted.at("/aborted").asBoolean());
      assertEquals(1, aborted.at("/runIds").size());
      var rest = stream.toTheEnd();
      rest.forEach(event -> said.append(event.delta()));
      assertTrue(rest.getLast().isDone());
      assertEquals("run.aborted", rest.get(rest.size() - 2).json().at("/error/code").asText());
      var message = caller.session(key).good().at("/messages/1");
      assertEquals("aborted", message.at("/mark").asText());
      assertEquals(said.toString(), message.at("/content").asText());
    }
  }

  @Test
  void whereNothingRunsNothingIsAborted() {
    var key = "agent:default:idle";
    ask(key, "[[fake tokens=1]]");
    assertEquals(
        "{\"ok\":true,\"aborted\":false,\"runIds\":[]}",
        caller.post(Caller.path(key) + "/abort").good().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "DELETE, ''",
    "PATCH, ''",
    "POST, /reset",
    "POST, /abort",
    "POST, /preview",
    "GET, /events"
  })
  void whatIsNotThereIsNotFound(String method, String rest) {
    var body = method.equals("PATCH") ? "{\"label\":\"a\"}" : "";
    var answer = caller.call(method, Caller.path("agent:default:nothing") + rest, body);
    assertEquals(404, answer.status());
    assertEquals("{\"error\":\"There is no such session.\"}", answer.text());
  }
}
