package clawster.http.kernel;

import clawster.runtime.identity.Hold;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.ClientAddress;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.limits.Lockout;
import clawster.runtime.limits.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Who is let in. What a locked address shows is not looked at, so that nobody learns there whether
 * it was right; what turns out wrong is counted before it is answered. Who shows nothing guesses
 * nothing.
 */
public final class Admission {

  /**
   * Wrong answers that wait. While it are so many, nothing that this machine shows is looked at.
   */
  private static final int MOST_WAITING = 64;

  private static final Duration SHORTLY = Duration.ofSeconds(1);

  /** What became of a request. */
  sealed interface Outcome {
    record Admitted(Principal principal) implements Outcome {}

    record Refused(Problem problem) implements Outcome {}
  }

  private final Authentication authentication;
  private final Lockout lockout;
  private final AtomicInteger waiting = new AtomicInteger();

  public Admission(Authentication authentication, Lockout lockout) {
    this.authentication = authentication;
    this.lockout = lockout;
  }

  CompletionStage<Outcome> admit(HttpRequest request, ClientAddress client) {
    if (!authentication.isShown(request)) {
      return authentication.principal(request).thenApply(Admission::outcome);
    }
    if (lockout.verdict(client) instanceof Verdict.Locked(var left)) {
      return CompletableFuture.completedStage(lockedOut(left));
    }
    if (client.local() && waiting.get() >= MOST_WAITING) {
      return CompletableFuture.completedStage(lockedOut(SHORTLY));
    }
    return authentication
        .principal(request)
        .thenCompose(
            principal ->
                principal.isPresent()
                    ? CompletableFuture.completedStage(outcome(principal))
                    : lockout.wrong(client).thenCompose(this::wrong));
  }

  private static Outcome outcome(Optional<Principal> principal) {
    return principal
        .<Outcome>map(Outcome.Admitted::new)
        .orElseGet(() -> new Outcome.Refused(IdentityProblems.UNAUTHORIZED));
  }

  private static Outcome lockedOut(Duration left) {
    return new Outcome.Refused(LimitProblems.lockedOut(left));
  }

  private CompletionStage<Outcome> wrong(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Open _ -> CompletableFuture.completedStage(outcome(Optional.empty()));
      case Verdict.Locked(var left) -> CompletableFuture.completedStage(lockedOut(left));
      case Verdict.Delayed(var by) -> later(outcome(Optional.empty()), by);
    };
  }

  /** No thread waits, only the caller. */
  private CompletionStage<Outcome> later(Outcome outcome, Duration by) {
    waiting.incrementAndGet();
    return new CompletableFuture<Outcome>()
        .completeOnTimeout(outcome, by.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiting.decrementAndGet());
  }

  /** Ends what a caller has open when its credential ends. */
  Optional<Hold> hold(Principal principal) {
    return authentication.hold(principal);
  }
}
