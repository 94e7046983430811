package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

final class DepartureTest {

  private static final HttpResponse OTHERWISE = HttpResponse.create().withStatus(503);

  private final Departure departure = new Departure();
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();

  @Test
  void whoWaitsWhenTheNodeIsCutOffHearsSo() {
    var heard = departure.unlessCutOff(answer, () -> OTHERWISE).toCompletableFuture();
    assertFalse(heard.isDone());
    assertTrue(departure.cutOff());
    assertSame(OTHERWISE, heard.join());
    answer.complete(HttpResponse.create());
    assertSame(OTHERWISE, heard.join());
  }

  @Test
  void whoComesLaterHearsSoAtOnce() {
    departure.cutOff();
    assertSame(
        OTHERWISE, departure.unlessCutOff(answer, () -> OTHERWISE).toCompletableFuture().join());
  }

  @Test
  void noConnectionIsKeptToANodeThatIsCutOff() {
    departure.cutOff();
    assertTrue(departure.hasBegun());
  }

  @Test
  void whoHasAnAnswerKeepsIt() {
    var heard = departure.unlessCutOff(answer, () -> OTHERWISE).toCompletableFuture();
    answer.complete(HttpResponse.create());
    assertFalse(departure.cutOff(), "nobody waits any more");
    assertEquals(200, heard.join().status().intValue());
  }

  @Test
  void aFailureIsAnAnswerToo() {
    var heard = departure.unlessCutOff(answer, () -> OTHERWISE).toCompletableFuture();
    answer.completeExceptionally(new IllegalStateException("a bug"));
    assertTrue(heard.isCompletedExceptionally());
    assertFalse(departure.cutOff());
  }
}
