package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys are made and revoked at one node, and used at another. */
@Timeout(180)
final class KeyStoryTest {

  /** Two seconds are promised, of a machine that is not busy. */
  private static final Duration SOON = Duration.ofSeconds(6);

  private static RealNode first;
  private static RealNode second;

  @BeforeAll
  static void start() {
    first = new RealNode();
    second = first.beside(2);
  }

  @AfterAll
  static void end() throws Exception {
    second.close();
    first.close();
  }

  private record Made(String id, Caller caller) {}

  /** For the second node. */
  private static Made key(String scopes) {
    var answer =
        first
            .caller()
            .call("POST", "/v1/api-keys", "{\"name\":\"a key\",\"scopes\":" + scopes + "}");
    assertEquals(201, answer.status(), answer.text());
    var node = second.caller();
    return new Made(
        answer.json().at("/id").asText(),
        new Caller(node.http(), node.base(), answer.json().at("/key").asText()));
  }

  @Test
  void aKeyDoesWhatItsScopesSay() {
    var reader = key("[\"operator.read\"]").caller();
    assertEquals(200, reader.get("/v1/sessions").status());
    assertEquals(403, reader.chat(Caller.asking("hello")).status());
    assertEquals(403, reader.get("/v1/api-keys").status());
    var writer = key("[\"operator.write\"]").caller();
    assertEquals(200, writer.chat(Caller.asking("hello")).status());
    assertEquals(200, writer.get("/v1/sessions").status());
    assertEquals(403, writer.call("POST", "/v1/cluster/nodes/1/drain", "").status());
    var approver = key("[\"operator.approvals\"]").caller();
    assertEquals(403, approver.get("/v1/sessions").status());
  }

  @Test
  void aKeyIsListedWithoutItsSecret() {
    var made = key("[\"operator.read\",\"operator.pairing\"]");
    made.caller().get("/v1/sessions").good();
    var listed = second.caller().get("/v1/api-keys");
    assertFalse(listed.text().contains(made.caller().token()), "the secret is said once");
    var mine =
        listed.json().valueStream().filter(k -> k.at("/id").asText().equals(made.id())).toList();
    assertEquals(1, mine.size());
    assertEquals(made.caller().token().substring(0, 15), mine.getFirst().at("/prefix").asText());
    assertTrue(mine.getFirst().at("/expires_at").isNull());
    assertFalse(mine.getFirst().at("/revoked").asBoolean());
    Await.until(
        "its use is noted",
        () ->
            second
                .caller()
                .get("/v1/api-keys")
                .json()
                .valueStream()
                .filter(k -> k.at("/id").asText().equals(made.id()))
                .noneMatch(k -> k.at("/last_used_at").isNull()));
  }

  @Test
  void aRevokedKeyIsRefusedEverywhereAndWhatItHasOpenEnds() throws Exception {
    var made = key("[\"operator.write\"]");
    var stream = made.caller().stream("", Caller.asking("[[fake tokens=2000 delay=20]]"));
    assertEquals(200, stream.status());
    stream.until(event -> event.delta().contains("3"));
    long revoked = System.nanoTime();
    assertEquals(
        "revoked",
        first.caller().post("/v1/api-keys/" + made.id() + "/revoke").good().at("/status").asText());
    var rest = stream.toTheEnd();
    assertTrue(System.nanoTime() - revoked < SOON.toNanos(), "it ended late");
    assertTrue(rest.getLast().json().has("error"), rest.getLast().data());
    Await.until(
        "the key is refused", SOON, () -> made.caller().get("/v1/sessions").status() == 401);
    assertEquals(
        200, first.caller().call("DELETE", "/v1/api-keys/" + made.id(), "").status(), "again");
  }

  @Test
  void anIdempotencyKeyIsItsPrincipalsOwn() {
    var mine = key("[\"operator.write\"]").caller();
    var theirs = key("[\"operator.write\"]").caller();
    var runs =
        List.of(mine, mine, theirs).stream()
            .map(caller -> caller.chatting(Caller.asking("hello"), "Idempotency-Key", "one"))
            .map(answer -> answer.header("x-clawster-run"))
            .toList();
    assertEquals(runs.get(0), runs.get(1));
    assertNotEquals(runs.get(0), runs.get(2));
  }

  @Test
  void whatMakesNoKeyIsRefusedByName() {
    for (var bad :
        List.of(
            "{}",
            "{\"name\":\"\",\"scopes\":[\"operator.read\"]}",
            "{\"name\":\"a\\u0000b\",\"scopes\":[\"operator.read\"]}",
            "{\"name\":\"x\",\"scopes\":[]}",
            "{\"name\":\"x\",\"scopes\":\"operator.read\"}",
            "{\"name\":\"x\",\"scopes\":[1]}",
            "{\"name\":\"x\",\"scopes\":[\"operator.god\"]}",
            "{\"name\":\"x\",\"scopes\":[\"operator.read\"],\"expires_in\":0}",
            "{\"name\":\"x\",\"scopes\":[\"operator.read\"],\"expires_in\":1.5}",
            "{\"name\":\"x\",\"scopes\":[\"operator.read\"],\"expires_in\":1e400}",
            "{\"name\":\"" + "x".repeat(101) + "\",\"scopes\":[\"operator.read\"]}")) {
      var answer = first.caller().call("POST", "/v1/api-keys", bad);
      assertEquals(400, answer.status(), bad);
      assertTrue(answer.json().at("/error").isTextual(), answer.text());
    }
    assertEquals(404, first.caller().post("/v1/api-keys/" + new UUID(1, 2) + "/revoke").status());
    assertEquals(400, first.caller().post("/v1/api-keys/none/revoke").status());
  }
}
