package clawster.http.requests;

import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Who waits for a run's answer on one connection.
 *
 * @param noted where it is noted, if its request may come again
 */
public record Caller(RunId run, Optional<Callers> noted) {

  /**
   * Notes how it went. Completes with {@code over}, or when everybody can know it.
   *
   * @param ended when the answer has
   * @param over when the answer is written, or its caller has gone, whichever is first
   */
  public CompletionStage<?> until(CompletableFuture<?> ended, CompletionStage<?> over) {
    return noted.isEmpty()
        ? over
        : over.<CompletionStage<Void>>handle(
                (_, _) -> {
                  if (ended.isDone() && !ended.isCompletedExceptionally()) {
                    noted.get().delivered(run);
                    return CompletableFuture.completedStage(null);
                  }
                  return noted.get().left(run);
                })
            .thenCompose(Function.identity());
  }

  /** Whether the run may be stopped because this caller has gone: not if others wait for it. */
  public CompletionStage<Boolean> abandons() {
    return noted
        .map(callers -> callers.abandon(run))
        .orElseGet(() -> CompletableFuture.completedStage(true));
  }
}
