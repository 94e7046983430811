package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is set at one node is in force at all of them, and when they start anew. */
@Timeout(180)
final class ConfigStoryTest {

  private static final String ORIGIN = "https://chat.example.org";

  private static int fromElsewhere(RealNode node) {
    return node.caller().call("GET", "/v1/sessions", "", "Origin", ORIGIN).status();
  }

  private static Answer patch(RealNode node, String patch, String hash) {
    return node.caller()
        .call("PATCH", "/v1/config", "{\"patch\":%s,\"baseHash\":\"%s\"}".formatted(patch, hash));
  }

  @Test
  void whatIsSetAtOneNodeIsInForceAtTheOthersAndStaysSo() throws Exception {
    var first = new RealNode();
    try (var second = first.beside(2)) {
      var before = second.caller().get("/v1/config").good();
      assertEquals(0, before.at("/version").asInt());
      assertEquals(0, before.at("/config/gateway/allowed_origins").size());
      assertEquals(403, fromElsewhere(second));

      var patch = "{\"gateway\":{\"allowed_origins\":[\"%s\"]}}".formatted(ORIGIN);
      var hash = before.at("/hash").asText();
      var changed = patch(first, patch, hash).good();
      assertTrue(changed.at("/ok").asBoolean(), changed.toString());
      assertEquals(ORIGIN, changed.at("/config/gateway/allowed_origins/0").asText());
      assertEquals(200, fromElsewhere(first));
      Await.until("the other node allows it", () -> fromElsewhere(second) == 200);
      assertEquals(409, patch(second, patch, hash).status());
      var now = changed.at("/hash").asText();
      assertEquals(400, patch(second, "{\"gateway\":{\"alowed\":1}}", now).status());

      first.kill();
      first.start();
      assertEquals(200, fromElsewhere(first));
      assertEquals(1, first.caller().get("/v1/config").good().at("/running").asInt());
    } finally {
      first.close();
    }
  }

  @Test
  void aDialectIsSwitchedOffAndHasAnAddressOfItsOwn() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var node = new RealNode();
    try {
      var off = "{\"openai\":{\"enabled\":false,\"port\":%d}}".formatted(port);
      var hash = node.caller().get("/v1/config").good().at("/hash").asText();
      assertTrue(patch(node, off, hash).good().at("/restart").asBoolean());
      assertEquals(404, node.caller().get("/v1/models").status());
      assertEquals(200, node.caller().get("/v1/sessions").status());
      var on = "{\"openai\":{\"enabled\":null}}";
      var now = node.caller().get("/v1/config").good().at("/hash").asText();
      patch(node, on, now).good();
      assertEquals(200, node.caller().get("/v1/models").status());

      node.kill();
      node.start();
      assertEquals(404, node.caller().get("/v1/models").status());
      var apart = Caller.of(URI.create("http://127.0.0.1:" + port), node.caller().token());
      assertEquals(200, apart.get("/v1/models").status());
      assertEquals(200, apart.get("/health").status());
      assertEquals(404, apart.get("/v1/sessions").status());
    } finally {
      node.close();
    }
  }
}
