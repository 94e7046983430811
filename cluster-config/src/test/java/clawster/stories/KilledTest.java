package clawster.stories;

import static clawster.stories.RealNode.counted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code kill -9} of a node at the worst moment. */
@Timeout(120)
final class KilledTest {

  private final RealNode node = new RealNode();

  @AfterEach
  void end() throws IOException {
    node.close();
  }

  @Test
  void aKilledNodeGoesOnWhereItWasAndDoublesNothing() {
    var key = "agent:default:killed";
    var caller = node.caller();
    caller.chat(key, Caller.asking("MARK:before [[fake tokens=3]]")).good();
    var before = caller.session(key).good().at("/messages");
    var streamed = new StringBuilder();
    String run;
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=240 delay=20]]"))) {
      run = stream.header("x-clawster-run");
      stream
          .until(event -> event.delta().contains("t30"))
          .forEach(event -> streamed.append(event.delta()));
      node.kill();
    }
    node.start();
    caller = node.caller();
    var after = node.messages(key);
    assertEquals(4, after.size());
    assertEquals(before.get(0), after.get(0));
    assertEquals(before.get(1), after.get(1));
    assertEquals(counted(240), after.at("/3/content").asText());
    assertEquals("recovered", after.at("/3/mark").asText());
    assertTrue(counted(240).startsWith(streamed.toString()), streamed.toString());
    try (var events = caller.follow(key, "?after=" + run + "-0")) {
      var told = new StringBuilder();
      events
          .until(
              event -> {
                told.append(event.json().at("/text").asText(""));
                return event.name().equals("run.done");
              })
          .forEach(event -> assertTrue(event.id().startsWith(run), event.id()));
      assertEquals(counted(240), told.toString());
    }
    assertTrue(
        caller
            .chat(key, Caller.asking("MARK:after ECHO_HISTORY"))
            .text()
            .contains("marks=before,after"));
  }
}
