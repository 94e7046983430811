package clawster.stories;

import static clawster.stories.RealNode.counted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one data directory; the one that does not hold the connections is killed. */
@Timeout(180)
final class TwoNodesTest {

  private static final int SESSIONS = 12;

  /** Ten seconds: so long the first of them still speaks when the last of them begins. */
  private static final int TOKENS = 500;

  private final RealNode first = new RealNode();

  @AfterEach
  void end() throws IOException {
    first.close();
  }

  private static String key(int session) {
    return "agent:default:two nodes " + session;
  }

  @Test
  void streamsGoOnAtOneNodeWhenTheOtherThatMadeThemIsKilled() throws Exception {
    try (var second = first.beside(2)) {
      var told = new HashMap<String, CompletableFuture<String>>();
      for (int i = 0; i < SESSIONS; i++) {
        var stream =
            second.caller().stream(
                key(i), Caller.asking("[[fake tokens=%d delay=20]]".formatted(TOKENS)));
        assertEquals(200, stream.status());
        told.put(key(i), CompletableFuture.supplyAsync(stream::wholeText));
      }
      Await.until(
          "all of them speak",
          () -> IntStream.range(0, SESSIONS).allMatch(i -> isRunning(first, key(i))));
      first.kill();
      for (var each : told.entrySet()) {
        assertEquals(counted(TOKENS), each.getValue().join(), each.getKey());
      }
      var marks = new ArrayList<String>();
      for (int i = 0; i < SESSIONS; i++) {
        var messages = second.messages(key(i));
        assertEquals(2, messages.size(), messages.toString());
        assertEquals(counted(TOKENS), messages.at("/1/content").asText());
        marks.add(messages.at("/1/mark").asText());
      }
      assertTrue(marks.contains("recovered") && marks.contains(""), marks.toString());
      first.start();
      assertEquals(SESSIONS, first.caller().get("/v1/sessions").good().at("/total").asInt());
      assertEquals(2, first.caller().session(key(0)).good().at("/messages").size());
    }
  }

  private static boolean isRunning(RealNode node, String key) {
    return node.caller().session(key).good().at("/isRunning").asBoolean();
  }
}
