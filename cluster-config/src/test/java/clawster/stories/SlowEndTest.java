package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer has no end, and the node that gives it is told to stop. */
@Tag("faults")
@Timeout(180)
final class SlowEndTest {

  private static final Duration PROMISED = Duration.ofSeconds(35);

  private final RealNode first = new RealNode();

  @AfterEach
  void end() throws IOException {
    first.close();
  }

  @Test
  void anEndlessAnswerDoesNotKeepANodeForEver() throws Exception {
    try (var second = first.beside(2);
        var stream =
            second.caller().stream(
                "agent:default:endless", Caller.asking("[[fake tokens=100000 delay=20]]"))) {
      assertEquals(200, stream.status());
      stream.until(event -> event.delta().contains("t3"));
      var rest = CompletableFuture.runAsync(() -> stream.until(_ -> false));
      long told = System.nanoTime();
      second.terminate();
      Await.until("the node has ended", PROMISED, second::hasEnded);
      var took = Duration.ofNanos(System.nanoTime() - told);
      assertTrue(took.compareTo(Duration.ofSeconds(29)) > 0, "it gave the answer time: " + took);
      assertEquals(143, second.end().code(), "it ended by itself");
      rest.exceptionally(_ -> null).join();
      assertEquals(200, first.caller().get("/ready").status());
    }
  }
}
