package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request with an Idempotency-Key, sent again. The grace here is zero. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class RepeatedRequestTest {

  private static final String KEY = "Idempotency-Key";
  private static final String SESSION = "x-openclaw-session-key";
  private static final String RUN = "x-clawster-run";

  private final Place place;
  private final Caller caller;

  RepeatedRequestTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  private long asked() {
    return place.counted().at("/requests").asLong();
  }

  private int messages(String key) {
    return caller.session(key).good().at("/messages").size();
  }

  @Test
  void anAnswerThatIsLongOverIsGivenAgain() {
    var body = Caller.asking("[[fake tokens=6]]");
    long asked = asked();
    var first = caller.chatting(body, KEY, "over");
    first.good();
    for (int i = 0; i < 2; i++) {
      var again = caller.chatting(body, KEY, "over");
      assertEquals(first.good(), again.good());
      assertEquals(first.header(RUN), again.header(RUN));
      assertEquals(first.header("x-clawster-session"), again.header("x-clawster-session"));
    }
    assertEquals(asked + 1, asked());
  }

  @Test
  void anAnswerThatIsGoingOnIsGivenToBoth() {
    var body = Caller.asking("[[fake tokens=60 delay=20]]");
    long asked = asked();
    try (var first = caller.stream(body, KEY, "going on")) {
      var begun = first.until(event -> event.delta().contains("t3"));
      try (var second = caller.stream(body, KEY, "going on")) {
        assertEquals(first.header(RUN), second.header(RUN));
        var heard = begun.stream().map(Events.Event::delta).collect(Collectors.joining());
        assertEquals(RealNode.counted(60), heard + first.text());
        assertEquals(RealNode.counted(60), second.text());
      }
    }
    assertEquals(asked + 1, asked());
  }

  @Test
  void whoStaysKeepsTheAnswerThatAnotherLeaves() {
    var body = Caller.asking("[[fake tokens=60 delay=20]]");
    Events second;
    try (var first = caller.stream(body, KEY, "left")) {
      first.until(event -> event.delta().contains("t3"));
      second = caller.stream(body, KEY, "left");
    }
    try (second) {
      assertEquals(RealNode.counted(60), second.text());
    }
  }

  @Test
  void whenNobodyStaysTheAnswerIsStopped() {
    var body = Caller.asking("[[fake tokens=100000 delay=20]]");
    long before = place.counted().at("/aborted").asLong();
    try (var first = caller.stream(body, KEY, "nobody");
        var second = caller.stream(body, KEY, "nobody")) {
      first.until(event -> event.delta().contains("t3"));
      second.until(event -> event.delta().contains("t3"));
    }
    Await.until("it is stopped", () -> place.counted().at("/aborted").asLong() > before);
  }

  @Test
  void twoAtOnceAreOneRun() {
    var body = Caller.asking("[[fake tokens=6 ttft=200]]");
    long asked = asked();
    var both =
        IntStream.range(0, 5).mapToObj(_ -> caller.chattingLater(body, KEY, "at once")).toList();
    var answers = both.stream().map(answer -> answer.join().body()).distinct().toList();
    assertEquals(1, answers.size(), answers.toString());
    assertTrue(answers.getFirst().contains(RealNode.counted(6)), answers.toString());
    assertEquals(asked + 1, asked());
  }

  @Test
  void aKeptSessionHearsItOnce() {
    var key = "agent:default:hears once";
    var body = Caller.asking("[[fake tokens=2]]");
    var first = caller.chatting(body, KEY, "once", SESSION, key).good();
    // More than the session remembers runs.
    for (int i = 0; i < 34; i++) {
      caller.chat(key, Caller.asking("[[fake tokens=1]]")).good();
    }
    assertEquals(first, caller.chatting(body, KEY, "once", SESSION, key).good());
    assertEquals(70, messages(key));
  }

  @Test
  void anotherRequestCannotHaveTheKey() {
    var body = Caller.asking("[[fake tokens=1]]");
    caller.chatting(body, KEY, "taken").good();
    for (var other :
        new Answer[] {
          caller.chatting(Caller.asking("[[fake tokens=2]]"), KEY, "taken"),
          caller.chatting(body, KEY, "taken", SESSION, "agent:default:taken"),
          caller.chatting(body, KEY, "taken", "x-clawster-input-mode", "steer")
        }) {
      assertEquals(422, other.status(), other.text());
      assertEquals("request.key_used", other.json().at("/error/code").asText());
    }
  }

  @Test
  void whatWasRefusedIsAcceptedWhenItComesAgain() {
    var key = "agent:default:refused first";
    var body = Caller.asking("[[fake tokens=2]]");
    try (var busy = caller.stream(key, Caller.asking("[[fake tokens=100000 delay=20]]"))) {
      busy.until(event -> event.delta().contains("t3"));
      assertEquals(422, rejectable(key, body).status());
      assertEquals(422, rejectable(key, body).status());
      caller.post(Caller.path(key) + "/abort").good();
    }
    var accepted = rejectable(key, body);
    assertEquals("t0 t1", accepted.good().at("/choices/0/message/content").asText());
    assertEquals(accepted.good(), rejectable(key, body).good());
    assertEquals(4, messages(key));
  }

  private Answer rejectable(String key, ObjectNode body) {
    return caller.chatting(
        body, KEY, "refused first", SESSION, key, "x-clawster-input-mode", "reject");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /reset", "DELETE "})
  void whatIsForgottenIsNotSaidAgain(String request) {
    var key = "agent:default:forgotten by " + request.trim();
    var body = Caller.asking("[[fake tokens=2]]");
    caller.chatting(body, KEY, key, SESSION, key).good();
    var parts = request.split(" ", -1);
    caller.call(parts[0], Caller.path(key) + parts[1], "").good();
    long asked = asked();
    var again = caller.chatting(body, KEY, key, SESSION, key);
    assertEquals(410, again.status(), again.text());
    assertEquals("request.answer_gone", again.json().at("/error/code").asText());
    assertEquals(asked, asked());
    caller.chatting(body, KEY, key + " later", SESSION, key).good();
  }

  @Test
  void withoutAKeyEveryRequestIsItsOwn() {
    var body = Caller.asking("[[fake tokens=1]]");
    assertNotEquals(caller.chatting(body).header(RUN), caller.chatting(body).header(RUN));
    var one = caller.chatting(body, KEY, "its own 1");
    assertNotEquals(one.header(RUN), caller.chatting(body, KEY, "its own 2").header(RUN));
  }

  static String[] noKeys() {
    return new String[] {"", "k".repeat(256)};
  }

  @ParameterizedTest
  @MethodSource("noKeys")
  void aKeyThatIsNoneIsRefused(String key) {
    var answer = caller.chatting(Caller.asking("[[fake tokens=1]]"), KEY, key);
    assertEquals(400, answer.status(), answer.text());
    assertTrue(answer.text().contains(KEY), answer.text());
  }
}
