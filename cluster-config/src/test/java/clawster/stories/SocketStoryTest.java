package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dashboard is connected to one node, and what it hears of happens at another. */
@Timeout(180)
final class SocketStoryTest {

  private static final String TOKEN = "s3cret";

  private static ObjectNode params(String name, String value) {
    return Answer.JSON.createObjectNode().put(name, value);
  }

  @Test
  void whoeverIsLetInHearsWhatHappensToPackagesUntilItsNodeLeaves() throws Exception {
    try (var helper = new ScriptedHelper()) {
      var first =
          new RealNode(
              Map.of(
                  "CLAWSTER_GATEWAY_TOKEN",
                  TOKEN,
                  "CLAWSTER_PACKAGE_SOCKET",
                  helper.socket().toString()));
      try (var second = first.beside(2, Map.of("CLAWSTER_GATEWAY_TOKEN", TOKEN));
          var browser = Connected.to(second)) {
        var admin = new Caller(first.caller().http(), first.caller().base(), TOKEN);
        letIn(browser, admin);
        var install = admin.call("POST", "/v1/packages/install", "{\"package\":\"hello\"}").good();
        assertTrue(install.at("/ok").asBoolean());
        var line = browser.event("package.progress");
        assertEquals("Unpacking hello", line.at("/line").asText(), line.toString());
        var done = browser.event("package.done");
        assertEquals("hello", done.at("/package").asText());
        assertEquals("install", done.at("/action").asText());
        assertTrue(done.at("/ok").asBoolean(), done.toString());
        assertEquals(2, done.at("/nodes").size(), done.toString());

        second.terminate();
        browser.event("shutdown");
        browser.awaitEnd();
      } finally {
        first.close();
      }
    }
  }

  /** It asks at one node, and is let in at the other. */
  private static void letIn(Connected browser, Caller admin) throws InterruptedException {
    var asked = browser.ask("connect", Answer.JSON.createObjectNode()).at("/payload");
    assertEquals("pending_pairing", asked.at("/status").asText());
    var sender = params("sender_id", asked.at("/sender_id").asText());
    assertEquals(
        "pending", browser.ask("browser.pairing.status", sender).at("/payload/status").asText());
    admin
        .call(
            "POST",
            "/v1/pairing/approve",
            params("code", asked.at("/pairing_code").asText()).toString())
        .good();
    assertEquals(
        "approved", browser.ask("browser.pairing.status", sender).at("/payload/status").asText());
    var connected = browser.ask("connect", sender);
    assertEquals("operator", connected.at("/payload/role").asText(), connected.toString());
  }
}
