package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An admin looks at who did what. */
@Timeout(180)
final class ActivityStoryTest {

  private static RealNode node;

  @BeforeAll
  static void start() {
    node = new RealNode();
  }

  @AfterAll
  static void end() throws Exception {
    node.close();
  }

  private record Made(String id, Caller caller) {}

  private static Made key(String scopes) {
    var admin = node.caller();
    var body = "{\"name\":\"a key\",\"scopes\":" + scopes + "}";
    var answer = admin.call("POST", "/v1/api-keys", body, "X-GoClaw-User-Id", "ann");
    assertEquals(201, answer.status(), answer.text());
    return new Made(
        answer.json().at("/id").asText(),
        new Caller(admin.http(), admin.base(), answer.json().at("/key").asText()));
  }

  private static JsonNode logs(String query) {
    return node.caller().get("/v1/activity?" + query).good().at("/logs");
  }

  private static List<String> actions(JsonNode logs) {
    return logs.valueStream().map(entry -> entry.at("/action").asText()).toList();
  }

  @Test
  void whatAKeyDoesIsRecordedUnderIt() {
    var writer = key("[\"operator.write\"]");
    var session = "agent:default:recorded";
    assertEquals(200, writer.caller().chat(session, Caller.asking("a secret message")).status());
    var path = Caller.path(session);
    assertEquals(200, writer.caller().call("PATCH", path, "{\"label\":\"private\"}").status());
    assertEquals(400, writer.caller().call("PATCH", path, "{\"label\":5}").status());
    assertEquals(200, writer.caller().post(path + "/abort").status());
    assertEquals(200, writer.caller().post(path + "/reset").status());
    assertEquals(200, writer.caller().call("DELETE", path, "").status());
    assertEquals(404, writer.caller().call("DELETE", path, "").status());
    var logs = logs("actor_type=api_key&actor_id=" + writer.id());
    assertEquals(
        List.of("session.deleted", "session.reset", "session.aborted", "session.patched"),
        actions(logs));
    for (var entry : logs) {
      assertEquals(session, entry.at("/entity_id").asText());
      assertEquals("session", entry.at("/entity_type").asText());
      assertEquals("127.0.0.1", entry.at("/ip_address").asText());
      assertFalse(entry.has("details"), entry.toString());
    }
    assertEquals(logs, logs("entity_type=session&entity_id=" + session.replace(":", "%3A")));
  }

  @Test
  void aKeysLifeIsRecordedWithoutItsSecret() {
    var made = key("[\"operator.read\"]");
    node.caller().post("/v1/api-keys/" + made.id() + "/revoke").good();
    node.caller().call("DELETE", "/v1/api-keys/" + made.id(), "").good();
    var logs = logs("entity_id=" + made.id());
    assertEquals(List.of("api_key.revoked", "api_key.created"), actions(logs));
    var created = logs.get(1);
    assertEquals("gateway", created.at("/actor_type").asText());
    assertEquals("ann", created.at("/details/user").asText());
    assertEquals("operator.read", created.at("/details/scopes").asText());
    assertFalse(logs.toString().contains(made.caller().token()), "the secret is said once");
  }

  @Test
  void whoIsTurnedAwayIsRecordedAndCounted() {
    var reader = key("[\"operator.read\"]");
    var nobody =
        new Caller(reader.caller().http(), reader.caller().base(), "goclaw_" + "0".repeat(32));
    for (int i = 0; i < 5; i++) {
      assertEquals(403, reader.caller().call("DELETE", "/v1/sessions/any", "").status());
      assertEquals(401, nobody.call("DELETE", "/v1/sessions/any", "").status());
    }
    Await.until(
        "both are counted",
        () -> {
          var refused = logs("action=request.refused&entity_id=DELETE%20/v1/sessions/%7Bkey%7D");
          return refused
              .valueStream()
              .map(e -> e.at("/details/count").asText())
              .toList()
              .equals(List.of("5", "5"));
        });
    assertEquals(List.of("request.refused"), actions(logs("actor_id=" + reader.id())));
  }

  @Test
  void thePageIsAsItWasAskedFor() {
    key("[\"operator.read\"]");
    key("[\"operator.read\"]");
    var page = node.caller().get("/v1/activity?action=api_key.created&limit=1&offset=1").good();
    assertEquals(1, page.at("/logs").size());
    assertEquals(1, page.at("/limit").asInt());
    assertEquals(1, page.at("/offset").asInt());
    assertTrue(page.at("/total").asInt() >= 2);
    var none = node.caller().get("/v1/activity?action=no.such").good();
    assertTrue(none.at("/logs").isArray() && none.at("/logs").isEmpty());
    assertEquals(0, none.at("/total").asInt());
    assertEquals(50, none.at("/limit").asInt());
  }

  @Test
  void whatIsNoPageIsRefused() {
    for (var bad :
        List.of(
            "limit=0",
            "limit=201",
            "limit=x",
            "limit=",
            "limit=1.5",
            "offset=-1",
            "offset=99999999999",
            "actor_id=%00",
            "entity_id=a%0Ab",
            "action=" + "x".repeat(513))) {
      assertEquals(400, node.caller().get("/v1/activity?" + bad).status(), bad);
    }
  }

  @Test
  void onlyAdminsLook() {
    var all = "[\"operator.read\",\"operator.write\",\"operator.approvals\",\"operator.pairing\"]";
    assertEquals(403, key(all).caller().get("/v1/activity").status());
  }
}
