package clawster.stories;

import static clawster.stories.RealNode.counted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node is taken out of service while it answers. */
@Timeout(180)
final class DrainTest {

  private static final int SESSIONS = 8;

  private final RealNode first = new RealNode();

  @AfterEach
  void end() throws IOException {
    first.close();
  }

  private static String key(int session) {
    return "agent:default:drained " + session;
  }

  @Test
  void aDrainedNodeBringsItsStreamsToTheirEndAndGoes() throws Exception {
    try (var second = first.beside(2)) {
      var told = new ArrayList<CompletableFuture<String>>();
      for (int i = 0; i < SESSIONS; i++) {
        var edge = i % 2 == 0 ? first : second;
        var stream = edge.caller().stream(key(i), Caller.asking("[[fake tokens=300 delay=20]]"));
        assertEquals(200, stream.status());
        told.add(CompletableFuture.supplyAsync(stream::wholeText));
      }
      var followed = first.caller().follow(key(0), "");
      var follower =
          CompletableFuture.supplyAsync(
              () -> followed.until(event -> event.name().equals("node.leaving")));
      var drained = second.caller().post("/v1/cluster/nodes/node-1/drain");
      assertEquals(202, drained.status(), drained.text());
      var other = second.caller().post("/v1/cluster/nodes/node-2/drain");
      assertEquals(409, other.status(), "one has to stay: " + other.text());
      Await.until(
          "it is not ready",
          () -> first.hasEnded() || first.caller().get("/ready").status() == 503);
      assertTrue(follower.join().getLast().id().isEmpty());
      for (var each : told) {
        assertEquals(counted(300), each.join());
      }
      assertEquals(0, first.end().code());
      IntStream.range(0, SESSIONS)
          .forEach(
              i -> {
                var messages = second.messages(key(i));
                assertEquals(2, messages.size(), messages.toString());
                assertEquals(counted(300), messages.at("/1/content").asText());
                assertEquals("", messages.at("/1/mark").asText());
              });
      Await.until(
          "the other is alone",
          () -> second.caller().get("/v1/cluster").good().at("/members").size() == 1);
      var view = second.caller().get("/v1/cluster").good();
      assertEquals("ok", view.at("/database/status").asText());
      assertEquals(
          409, second.caller().post("/v1/cluster/nodes/node-2/drain").status(), "the last one");
      assertEquals(404, second.caller().post("/v1/cluster/nodes/node-9/drain").status());
    }
  }
}
