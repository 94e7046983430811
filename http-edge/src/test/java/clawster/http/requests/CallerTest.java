package clawster.http.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How it went with whoever waited. */
final class CallerTest {

  private final List<String> noted = new ArrayList<>();
  private final CompletableFuture<Void> durable = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final CompletableFuture<String> over = new CompletableFuture<>();

  private final Caller caller =
      new Caller(
          RunId.next(),
          Optional.of(
              new Callers() {
                @Override
                public Asking asking(RequestHash request) {
                  return new Asking(request, "here");
                }

                @Override
                public CompletionStage<Void> left(RunId run) {
                  noted.add("left");
                  return durable;
                }

                @Override
                public void delivered(RunId run) {
                  noted.add("delivered");
                }

                @Override
                public CompletionStage<Void> join(SessionId session, RunId run, Asking asking) {
                  throw new AssertionError("has joined before");
                }

                @Override
                public CompletionStage<Optional<RunId>> rejoin(RequestHash request) {
                  throw new AssertionError("has joined before");
                }

                @Override
                public CompletionStage<Boolean> abandon(RunId run) {
                  return CompletableFuture.completedStage(false);
                }
              }));

  @Test
  void whoHasTheAnswerHasIt() {
    var until = caller.until(ended, over).toCompletableFuture();
    ended.complete("whole");
    assertEquals(List.of(), noted);
    over.complete("written");
    assertEquals(List.of("delivered"), noted);
    assertTrue(until.isDone());
  }

  @Test
  void whoGoesBeforeTheEndIsKnownToHaveGoneOnceThatIsDurable() {
    var until = caller.until(ended, over).toCompletableFuture();
    over.complete("closed");
    ended.complete("too late");
    assertEquals(List.of("left"), noted);
    assertFalse(until.isDone());
    durable.complete(null);
    assertTrue(until.isDone());
  }

  @Test
  void anAnswerThatCannotBeReadReachesNobody() {
    caller.until(ended, over);
    ended.completeExceptionally(new IllegalStateException("unreadable"));
    over.completeExceptionally(new IllegalStateException("unreadable"));
    assertEquals(List.of("left"), noted);
  }

  @Test
  void whoCannotAskAgainIsNotNoted() {
    var plain = new Caller(RunId.next(), Optional.empty());
    assertEquals(over, plain.until(ended, over));
    assertTrue(plain.abandons().toCompletableFuture().join());
    assertFalse(caller.abandons().toCompletableFuture().join());
  }
}
