package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message does to a session that is busy. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class InputModeTest {

  private static final String SESSION = "x-openclaw-session-key";
  private static final String MODE = "x-clawster-input-mode";
  private static final String LONG = "[[fake tokens=100000 delay=20]]";

  private final Caller caller;

  InputModeTest(Place place) {
    this.caller = place.caller();
  }

  @Test
  void whoeverSteersIsAnsweredByTheRunThatGoesOn() {
    var key = "agent:default:steered";
    var question = Caller.asking("CALL_TOOL datetime {} [[fake ttft=6000]]");
    try (var first = caller.stream(key, question);
        var second =
            caller.stream(Caller.asking("[[fake delay=1]] too"), SESSION, key, MODE, "steer")) {
      assertNotEquals(first.header("x-clawster-run"), second.header("x-clawster-run"));
      var answer = first.text();
      assertTrue(answer.startsWith("TOOL_RESULT "), answer);
      assertEquals(answer, second.text());
      var messages = caller.session(key).good().at("/messages");
      assertEquals(
          List.of("user", "assistant", "tool", "user", "assistant"),
          messages.findValuesAsText("role"));
      var run = second.header("x-clawster-run");
      try (var events = caller.follow(key, "?after=" + run + "-0")) {
        var told = events.until(event -> event.name().equals("run.absorbed"));
        assertEquals("run.accepted", told.getFirst().name());
        assertEquals(first.header("x-clawster-run"), told.getLast().json().at("/into").asText());
      }
    }
  }

  @Test
  void whoeverInterruptsIsAnsweredAtOnce() {
    var key = "agent:default:interrupted";
    try (var first = caller.stream(key, Caller.asking(LONG))) {
      first.until(event -> event.delta().contains("t3"));
      var answer =
          caller.call(
              "POST",
              "/v1/chat/completions",
              Caller.asking("[[fake tokens=2]]").toString(),
              SESSION,
              key,
              MODE,
              "interrupt");
      assertEquals("t0 t1", answer.good().at("/choices/0/message/content").asText());
      assertTrue(first.toTheEnd().toString().contains("run.aborted"));
    }
  }

  @Test
  void aSessionThatRejectsDoesSoUnlessTheRequestSaysOtherwise() {
    var key = "agent:default:rejects";
    caller.chat(key, Caller.asking("[[fake tokens=1]]")).good();
    assertEquals("queue", caller.session(key).good().at("/inputMode").asText());
    patch(key, "reject");
    assertEquals("reject", caller.session(key).good().at("/inputMode").asText());
    try (var first = caller.stream(key, Caller.asking(LONG))) {
      first.until(event -> event.delta().contains("t3"));
      var refused = caller.chat(key, Caller.asking("[[fake tokens=1]]"));
      assertEquals(422, refused.status(), refused.text());
      assertEquals("session.busy", refused.json().at("/error/code").asText());
      try (var queued =
          caller.stream(Caller.asking("[[fake tokens=2]]"), SESSION, key, MODE, "queue")) {
        assertEquals(200, queued.status());
        caller.post(Caller.path(key) + "/abort").good();
      }
    }
    patch(key, "");
    assertEquals("queue", caller.session(key).good().at("/inputMode").asText());
  }

  private void patch(String key, String mode) {
    caller.call("PATCH", Caller.path(key), "{\"inputMode\":\"" + mode + "\"}").good();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"wait\"", "true", "\"QUEUE\""})
  void anUnknownModeChangesNothing(String mode) {
    var key = "agent:default:unknown mode";
    caller.chat(key, Caller.asking("[[fake tokens=1]]")).good();
    var answer = caller.call("PATCH", Caller.path(key), "{\"inputMode\":" + mode + "}");
    assertEquals(400, answer.status(), answer.text());
    assertTrue(answer.text().contains("inputMode"), answer.text());
  }

  @Test
  void anUnknownModeOfARequestIsRefusedByName() {
    var body = Caller.asking("[[fake tokens=1]]").toString();
    var answer = caller.call("POST", "/v1/chat/completions", body, MODE, "wait");
    assertEquals(400, answer.status());
    assertTrue(answer.text().contains(MODE), answer.text());
    assertTrue(answer.text().contains("queue, steer, interrupt, reject"), answer.text());
  }
}
