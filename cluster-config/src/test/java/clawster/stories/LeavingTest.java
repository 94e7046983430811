package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of an answer that nobody waits for any more. The grace here is zero. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class LeavingTest {

  private final Place place;
  private final Caller caller;

  LeavingTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  private long aborted() {
    return place.counted().at("/aborted").asLong();
  }

  @Test
  void aStatelessStreamEndsWithItsCaller() {
    long before = aborted();
    try (var stream = caller.stream("", Caller.asking("[[fake tokens=100000 delay=20]]"))) {
      stream.until(event -> event.delta().contains("t3"));
    }
    Await.until("the upstream was hung up on", () -> aborted() > before);
  }

  @Test
  void aWholeStatelessAnswerEndsWithItsCaller() {
    long before = aborted();
    long asked = place.counted().at("/requests").asLong();
    var answer = caller.later("", Caller.asking("[[fake tokens=100000 delay=20]]"));
    Await.until("the model speaks", () -> place.counted().at("/requests").asLong() > asked);
    answer.cancel(true);
    Await.until("the upstream was hung up on", () -> aborted() > before);
  }

  @Test
  void aKeptSessionGoesOnWithoutItsCaller() {
    var key = "agent:default:goes-on";
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=60 delay=20]]"))) {
      stream.until(event -> event.delta().contains("t3"));
    }
    Await.until("the answer is whole", () -> !session(key).at("/isRunning").asBoolean());
    var said = session(key).at("/messages/1");
    assertEquals(60, said.at("/content").asText().split(" ").length);
    assertEquals("", said.at("/mark").asText());
  }

  private JsonNode session(String key) {
    return caller.session(key).good();
  }
}
