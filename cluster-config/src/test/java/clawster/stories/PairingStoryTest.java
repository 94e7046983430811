package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A browser without a token asks at one node, is let in at another, and is thrown out again. */
@Timeout(180)
final class PairingStoryTest {

  private static final String TOKEN = "s3cret";

  /** Two seconds are promised, of a machine that is not busy. */
  private static final Duration SOON = Duration.ofSeconds(6);

  private static RealNode first;
  private static RealNode second;

  @BeforeAll
  static void start() {
    first = new RealNode(Map.of("CLAWSTER_GATEWAY_TOKEN", TOKEN));
    second = first.beside(2);
  }

  @AfterAll
  static void end() throws Exception {
    second.close();
    first.close();
  }

  private static Caller admin(RealNode node) {
    return new Caller(node.caller().http(), node.caller().base(), TOKEN);
  }

  private static Answer post(Caller caller, String path, String body) {
    return caller.call("POST", "/v1/pairing/" + path, body);
  }

  private static String code(JsonNode asked) {
    return "{\"code\":\"" + asked.at("/code").asText().toLowerCase(Locale.ROOT) + "\"}";
  }

  private static JsonNode ask() {
    var answer = first.caller().post("/v1/pairing/requests");
    assertEquals(201, answer.status(), answer.text());
    return answer.json();
  }

  /** With what a browser that was let in sends. */
  private record Browser(String sender) {

    Answer call(RealNode node, String method, String path, String body) {
      return node.caller().call(method, path, body, "X-GoClaw-Sender-Id", sender);
    }

    String status() {
      var answer = call(second, "GET", "/v1/pairing/status", "");
      return answer.good().at("/status").asText();
    }
  }

  /** One story: from one address only three may wait. */
  @Test
  void aBrowserIsLetInAndThrownOut() throws Exception {
    var asked = ask();
    var denied = ask();
    var third = ask();
    assertEquals(429, first.caller().post("/v1/pairing/requests").status());
    assertEquals(429, second.caller().post("/v1/pairing/requests").status());
    var browser = new Browser(asked.at("/sender_id").asText());
    assertEquals("pending", browser.status());
    assertEquals("expired", new Browser("browser-none").status());
    assertEquals(401, browser.call(second, "GET", "/v1/sessions", "").status());

    whoMayNotDoesNotLetIn(asked);
    post(admin(first), "deny", code(denied)).good();
    assertEquals("expired", new Browser(denied.at("/sender_id").asText()).status());
    var paired = post(admin(second), "approve", code(asked)).good().at("/paired");
    assertEquals("gateway", paired.at("/paired_by").asText());
    assertEquals("browser", paired.at("/channel").asText());
    assertEquals(404, post(admin(first), "approve", code(asked)).status(), "a code counts once");
    assertEquals("approved", browser.status());

    assertEquals(200, browser.call(second, "GET", "/v1/sessions", "").status());
    assertEquals(403, browser.call(second, "GET", "/v1/pairing", "").status());
    assertEquals(403, browser.call(first, "POST", "/v1/pairing/approve", code(third)).status());
    assertEquals(403, browser.call(first, "GET", "/v1/activity", "").status());
    var lists = admin(first).get("/v1/pairing");
    assertFalse(lists.text().contains(browser.sender()), "the sender id is said once");
    assertEquals(1, lists.good().at("/paired").size());
    assertEquals("loopback", lists.json().at("/pending/0/account_id").asText());

    isThrownOut(browser, paired.at("/sender_id").asText());
    recorded(paired.at("/sender_id").asText());
  }

  private static void whoMayNotDoesNotLetIn(JsonNode asked) {
    var body = "{\"name\":\"pairs\",\"scopes\":[\"operator.pairing\"]}";
    var key = admin(first).call("POST", "/v1/api-keys", body).json().at("/key").asText();
    var pairs = new Caller(first.caller().http(), first.caller().base(), key);
    assertEquals(403, post(pairs, "approve", code(asked)).status());
    assertEquals(404, post(pairs, "deny", "{\"code\":\"AAAAAAAA\"}").status());
    for (var bad : List.of("{}", "{\"code\":5}", "{\"code\":\"\"}", "{\"code\":\"ABCDEFG1\"}")) {
      assertEquals(400, post(pairs, "deny", bad).status(), bad);
    }
    assertEquals(404, post(pairs, "revoke", revoking("browser-none")).status());
    assertEquals(400, post(pairs, "revoke", "{\"senderId\":\"x\"}").status());
  }

  private static String revoking(String sender) {
    return "{\"senderId\":\"" + sender + "\",\"channel\":\"browser\"}";
  }

  private static void isThrownOut(Browser browser, String shown) throws Exception {
    var stream =
        second.caller().stream(
            Caller.asking("[[fake tokens=2000 delay=20]]"), "X-GoClaw-Sender-Id", browser.sender());
    assertEquals(200, stream.status());
    stream.until(event -> event.delta().contains("3"));
    long revoked = System.nanoTime();
    assertTrue(post(admin(first), "revoke", revoking(shown)).good().at("/revoked").asBoolean());
    var rest = stream.toTheEnd();
    assertTrue(System.nanoTime() - revoked < SOON.toNanos(), "it ended late");
    assertTrue(rest.getLast().json().has("error"), rest.getLast().data());
    Await.until(
        "the browser is refused",
        SOON,
        () -> browser.call(second, "GET", "/v1/sessions", "").status() == 401);
    assertEquals("expired", browser.status());
  }

  private static void recorded(String shown) {
    var logs = admin(second).get("/v1/activity?entity_type=pairing&entity_id=" + shown).good();
    assertEquals(
        List.of("pairing.revoked", "pairing.approved", "pairing.requested"),
        logs.at("/logs").valueStream().map(entry -> entry.at("/action").asText()).toList());
    assertEquals("anybody", logs.at("/logs/2/actor_type").asText());
  }
}
