package clawster.stories;

import static clawster.stories.RealNode.counted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an OpenAI SDK does when its connection breaks before the answer: it asks again. */
@Timeout(120)
final class LostConnectionTest {

  private static final String COUNT = "x-stainless-retry-count";
  private static final String RUN = "x-clawster-run";

  /** What is asked last and may be asked again. */
  private static final String NEWEST =
      "session_run where run ="
          + " (select run from session_run where request is not null order by begun desc limit 1)";

  private static RealNode node;

  @BeforeAll
  static void start() {
    node = new RealNode(3);
  }

  @AfterAll
  static void end() throws IOException {
    node.close();
  }

  private static long asked() {
    return node.upstream().at("/requests").asLong();
  }

  private static int runs() {
    return node.caller().get("/v1/sessions?stateless=true").good().at("/total").asInt();
  }

  /** Asks as an SDK does first, and hangs up when the model has begun to speak. */
  private static void askAndHangUp(ObjectNode body, String... headers) {
    long asked = asked();
    var first = node.caller().chattingLater(body, headers);
    Await.until("the model is asked", () -> asked() > asked);
    speak(3);
    first.cancel(true);
    if (headers.length > 0) {
      awaitCallers(0);
    }
  }

  private static void awaitCallers(int callers) {
    Await.until(
        callers + " wait for it", () -> node.rows(NEWEST + " and callers = " + callers) == 1);
  }

  /** Waits for that many tokens, which is time that passes on the wire. */
  private static void speak(int tokens) {
    long spoken = node.upstream().at("/tokens").asLong();
    Await.until("it speaks", () -> node.upstream().at("/tokens").asLong() >= spoken + tokens);
  }

  private static String content(Answer answer) {
    return answer.good().at("/choices/0/message/content").asText();
  }

  @Test
  void aRetryGetsTheAnswerThatIsOnItsWayPastItsGrace() {
    var body = Caller.asking("[[fake tokens=240 delay=25]] past its grace");
    long asked = asked();
    askAndHangUp(body, COUNT, "0");
    assertEquals(counted(240), content(node.caller().chatting(body, COUNT, "1")));
    assertEquals(asked + 1, asked());
  }

  @Test
  void aRetryMayBeLostToo() {
    var body = Caller.asking("[[fake tokens=240 delay=25]] lost twice");
    long asked = asked();
    askAndHangUp(body, COUNT, "0");
    var second = node.caller().chattingLater(body, COUNT, "1");
    awaitCallers(1);
    second.cancel(true);
    awaitCallers(0);
    assertEquals(counted(240), content(node.caller().chatting(body, COUNT, "2")));
    assertEquals(asked + 1, asked());
  }

  @Test
  void aKeptSessionHearsAQuestionOnce() {
    var key = "agent:default:lost";
    var body = Caller.asking("[[fake tokens=120 delay=25]] kept");
    askAndHangUp(body, COUNT, "0", "x-openclaw-session-key", key);
    var answer = node.caller().chatting(body, COUNT, "1", "x-openclaw-session-key", key);
    assertEquals(counted(120), content(answer));
    assertEquals(2, node.messages(key).size());
  }

  @Test
  void aNodeThatDiesWithItsConnectionsAnswersWhenItIsBack() {
    var body = Caller.asking("[[fake tokens=240 delay=25]] died");
    long asked = asked();
    var first = node.caller().chattingLater(body, COUNT, "0");
    Await.until("the model is asked", () -> asked() > asked);
    speak(20);
    int before = runs();
    node.kill();
    first.cancel(true);
    node.start();
    assertEquals(counted(240), content(node.caller().chatting(body, COUNT, "1")));
    Await.until("it is listed", () -> runs() > before);
    assertEquals(before + 1, runs());
  }

  @Test
  void anotherNodeAnswersForOneThatDied() throws IOException {
    var body = Caller.asking("[[fake tokens=300 delay=25]] another node");
    try (var second = node.beside(2)) {
      long asked = asked();
      int before = runs();
      var first = second.caller().chattingLater(body, COUNT, "0");
      Await.until("the model is asked", () -> asked() > asked);
      speak(20);
      second.kill();
      first.cancel(true);
      speak(20);
      assertEquals(counted(300), content(node.caller().chatting(body, COUNT, "1")));
      Await.until("it is listed", () -> runs() > before);
      assertEquals(before + 1, runs());
    }
  }

  @Test
  void whoHasTheAnswerAsksAnew() {
    var body = Caller.asking("[[fake tokens=3]] delivered");
    var first = node.caller().chatting(body, COUNT, "0");
    first.good();
    var other = node.caller().chatting(body, COUNT, "1");
    assertEquals(counted(3), content(other));
    assertNotEquals(first.header(RUN), other.header(RUN));
  }

  @Test
  void twoWhoAskTheSameHaveTwoAnswers() {
    var body = Caller.asking("[[fake tokens=40 delay=25]] two");
    long asked = asked();
    var one = node.caller().chattingLater(body, COUNT, "0");
    var other = node.caller().chattingLater(body, COUNT, "0");
    Await.until("the model is asked twice", () -> asked() == asked + 2);
    // Its own first request never reached us; the two are waited for.
    node.caller().chatting(body, COUNT, "1").good();
    assertEquals(asked + 3, asked());
    assertNotEquals(one.join().headers().firstValue(RUN), other.join().headers().firstValue(RUN));
  }

  @Test
  void whoIsNoSdkIsNotRecognised() {
    var body = Caller.asking("[[fake tokens=100 delay=25]] plain");
    long asked = asked();
    askAndHangUp(body);
    node.caller().chatting(body, COUNT, "1").good();
    assertEquals(asked + 2, asked());
  }
}
