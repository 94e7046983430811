package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes, and callers who use both. */
@Timeout(120)
final class RateStoryTest {

  private static final String RETRY = "x-stainless-retry-count";

  private static RealNode first;
  private static RealNode second;

  @BeforeAll
  static void start() {
    first =
        new RealNode(
            Map.of(
                "GOCLAW_RATE_LIMIT_RPM", "1",
                "CLAWSTER_ANSWERS_AT_ONCE", "2",
                "CLAWSTER_DISCONNECT_GRACE_SECONDS", "0"));
    second = first.beside(2);
  }

  @AfterAll
  static void end() throws Exception {
    second.close();
    first.close();
  }

  /** Of a new key, at both nodes. */
  private static List<Caller> callers() {
    var made =
        first
            .caller()
            .call("POST", "/v1/api-keys", "{\"name\":\"a\",\"scopes\":[\"operator.write\"]}")
            .json();
    return List.of(first, second).stream()
        .map(RealNode::caller)
        .map(caller -> new Caller(caller.http(), caller.base(), made.at("/key").asText()))
        .toList();
  }

  @Test
  void aKeyHasOneLimitAtBothNodes() {
    var callers = callers();
    for (int i = 0; i < 5; i++) {
      var answer = callers.get(i % 2).chat(Caller.asking("[[fake tokens=1]]"));
      assertEquals(200, answer.status(), answer.text());
    }
    for (var caller : callers) {
      var refused = caller.chat(Caller.asking("[[fake tokens=1]]"));
      assertEquals(429, refused.status(), refused.text());
      assertEquals("request.too_often", refused.json().at("/error/code").asText());
      assertEquals("rate_limit_error", refused.json().at("/error/type").asText());
      int seconds = Integer.parseInt(refused.header("Retry-After"));
      assertTrue(seconds > 30 && seconds <= 60, refused.header("Retry-After"));
      assertEquals(200, caller.get("/v1/models").status(), "that makes no model answer");
    }
    assertEquals(200, callers().getLast().chat(Caller.asking("[[fake tokens=1]]")).status());
  }

  /** A key is asked once more only, so that has to be known. */
  private static void awaitNoneOpen() {
    Await.until("no answer is open", () -> first.rows("open_answer") == 0);
  }

  @Test
  void aKeyHasSoManyAnswersOpenAtBothNodesTogether() {
    var callers = callers();
    var endless = Caller.asking("[[fake tokens=100000 delay=50]]");
    try (var one = callers.get(0).stream("", endless.deepCopy());
        var other = callers.get(1).stream("", endless.deepCopy())) {
      one.until(event -> event.delta().contains("t3"));
      other.until(event -> event.delta().contains("t3"));
      var refused = callers.get(0).chat(Caller.asking("[[fake tokens=1]]"));
      assertEquals(429, refused.status(), refused.text());
      assertEquals("request.too_many_answers", refused.json().at("/error/code").asText());
    }
    awaitNoneOpen();
    callers.get(1).chat(Caller.asking("[[fake tokens=1]]")).good();
  }

  @Test
  void whoHangsUpOnKeptSessionsMakesNoRoom() {
    var callers = callers();
    var sessions = List.of("left-running-1", "left-running-2");
    for (var session : sessions) {
      try (var one =
          callers.get(0).stream(session, Caller.asking("[[fake tokens=100000 delay=50]]"))) {
        one.until(event -> event.delta().contains("t3"));
      }
    }
    var refused = callers.get(1).chat(Caller.asking("[[fake tokens=1]]"));
    assertEquals(429, refused.status(), refused.text());
    assertEquals("request.too_many_answers", refused.json().at("/error/code").asText());
    sessions.forEach(session -> first.caller().post(Caller.path(session) + "/abort").good());
    awaitNoneOpen();
    callers.get(1).chat(Caller.asking("[[fake tokens=1]]")).good();
  }

  private static void dailyQuota(String most) {
    var patch = "{\"patch\":{\"gateway\":{\"quota\":{\"default\":{\"day\":%s}}}}}".formatted(most);
    var set = first.caller().call("PATCH", "/v1/config", patch).good().at("/version").asInt();
    Await.until(
        "both nodes go by it",
        () -> second.caller().get("/v1/config").good().at("/running").asInt() == set);
  }

  private static int today() {
    return second.caller().get("/v1/quota/usage").good().at("/requestsToday").asInt();
  }

  private static void usedUp(Answer refused) {
    assertEquals(429, refused.status(), refused.text());
    assertEquals("request.quota_used_up", refused.json().at("/error/code").asText());
  }

  @Test
  void aRequestThatAQuotaRefusesIsRefusedAgainUntilThereIsMore() {
    dailyQuota("1");
    try {
      var callers = callers();
      callers.get(0).chat(Caller.asking("[[fake tokens=1]]")).good();
      var body = Caller.asking("[[fake tokens=100000 delay=20]]").put("stream", true);
      usedUp(callers.get(0).chatting(body, "Idempotency-Key", "twice"));
      usedUp(callers.get(1).chatting(body, "Idempotency-Key", "twice"));
      dailyQuota("2");
      long aborted = first.upstream().at("/aborted").asLong();
      try (var answer = callers.get(0).stream(body, "Idempotency-Key", "twice")) {
        answer.until(event -> event.delta().contains("t3"));
      }
      Await.until(
          "nobody counts who was refused",
          () -> first.upstream().at("/aborted").asLong() > aborted);
    } finally {
      dailyQuota("null");
    }
  }

  @Test
  void anSdksRetryOfWhatAQuotaRefusesIsRefusedToo() {
    dailyQuota("1");
    try {
      var callers = callers();
      var body = Caller.asking("[[fake tokens=1]]");
      callers.get(0).chatting(body, RETRY, "0").good();
      usedUp(callers.get(0).chatting(body, RETRY, "0"));
      usedUp(callers.get(1).chatting(body, RETRY, "1"));
    } finally {
      dailyQuota("null");
    }
  }

  /** It is counted first, taken back, and begins when it comes again. */
  @Test
  void whatASessionRefusedCountsWhenItIsAcceptedLater() {
    dailyQuota("10");
    try {
      var caller = callers().getFirst();
      int before = today();
      var key = "agent:default:counts once";
      var body = Caller.asking("[[fake tokens=1]]");
      try (var busy = caller.stream(key, Caller.asking("[[fake tokens=100000 delay=20]]"))) {
        busy.until(event -> event.delta().contains("t3"));
        assertEquals(422, rejectable(caller, key, body, "0").status());
        Await.until("it does not count", () -> today() == before + 1);
        first.caller().post(Caller.path(key) + "/abort").good();
      }
      rejectable(caller, key, body, "1").good();
      Await.until("both count", () -> today() == before + 2);
    } finally {
      dailyQuota("null");
    }
  }

  private static Answer rejectable(Caller caller, String key, ObjectNode body, String attempt) {
    return caller.chatting(
        body, RETRY, attempt, "x-openclaw-session-key", key, "x-clawster-input-mode", "reject");
  }

  @Test
  void aKeyHasOneQuotaAtBothNodesWhichIsSetWhileTheyRun() {
    dailyQuota("2");
    int before = today();
    try {
      var callers = callers();
      var body = Caller.asking("[[fake tokens=1]]");
      for (int i = 0; i < 3; i++) {
        // The first two are one request, which comes again at the other node.
        var key = String.valueOf(Math.max(1, i));
        var answer = callers.get(i % 2).chatting(body, "Idempotency-Key", key);
        assertEquals(200, answer.status(), answer.text());
      }
      // With these two, the five that a key may ask at once are asked.
      for (var caller : callers) {
        var refused = caller.chat(body);
        assertEquals(429, refused.status(), refused.text());
        assertEquals("request.quota_used_up", refused.json().at("/error/code").asText());
        int seconds = Integer.parseInt(refused.header("Retry-After"));
        assertTrue(seconds > 86_000 && seconds <= 86_460, refused.header("Retry-After"));
      }
      Await.until("it is shown", () -> today() == before + 2);
      var usage = second.caller().get("/v1/quota/usage").good();
      assertTrue(usage.at("/enabled").asBoolean());
      assertEquals(before + 2, usage.at("/requestsToday").asInt(), usage.toString());
      assertEquals("{\"used\":2,\"limit\":2}", usage.at("/entries/0/day").toString());
    } finally {
      dailyQuota("null");
    }
  }
}
