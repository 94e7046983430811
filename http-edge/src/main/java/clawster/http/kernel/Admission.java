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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

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

  /** What became of asking to be let in. */
  public sealed interface Outcome {
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

  public CompletionStage<Outcome> admit(Shown shown, ClientAddress client) {
    if (!authentication.isShown(shown)) {
      return looked(shown);
    }
    return unlessGuessed(
        client, () -> looked(shown), Outcome.Refused.class::isInstance, Outcome.Refused::new);
  }

  /** Likewise of what is no guess though it is wrong, since somebody else counts it. */
  public CompletionStage<Outcome> admitKnown(Shown shown, ClientAddress client) {
    return unlessGuessed(client, () -> looked(shown), _ -> false, Outcome.Refused::new);
  }

  /**
   * What comes of something that is shown and may be guessed: not looked at if its address is
   * locked out; counted if it is wrong, and told perhaps later.
   *
   * @param looked what comes of it
   * @param wrong whether that says that it was wrong
   * @param otherwise what comes of it where it is not looked at
   */
  public <T> CompletionStage<T> unlessGuessed(
      ClientAddress client,
      Supplier<CompletionStage<T>> looked,
      Predicate<T> wrong,
      Function<Problem, T> otherwise) {
    if (lockout.verdict(client) instanceof Verdict.Locked(var left)) {
      return CompletableFuture.completedStage(otherwise.apply(LimitProblems.lockedOut(left)));
    }
    if (client.local() && waiting.get() >= MOST_WAITING) {
      return CompletableFuture.completedStage(otherwise.apply(LimitProblems.lockedOut(SHORTLY)));
    }
    return looked
        .get()
        .thenCompose(
            result ->
                wrong.test(result)
                    ? lockout.wrong(client).thenCompose(verdict -> told(verdict, result, otherwise))
                    : CompletableFuture.completedStage(result));
  }

  private CompletionStage<Outcome> looked(Shown shown) {
    return authentication.principal(shown).thenApply(Admission::outcome);
  }

  private static Outcome outcome(Optional<Principal> principal) {
    return principal
        .<Outcome>map(Outcome.Admitted::new)
        .orElseGet(() -> new Outcome.Refused(IdentityProblems.UNAUTHORIZED));
  }

  private <T> CompletionStage<T> told(Verdict verdict, T wrong, Function<Problem, T> otherwise) {
    return switch (verdict) {
      case Verdict.Open _ -> CompletableFuture.completedStage(wrong);
      case Verdict.Locked(var left) ->
          CompletableFuture.completedStage(otherwise.apply(LimitProblems.lockedOut(left)));
      case Verdict.Delayed(var by) -> later(wrong, by);
    };
  }

  /** No thread waits, only the caller. */
  private <T> CompletionStage<T> later(T answer, Duration by) {
    waiting.incrementAndGet();
    return new CompletableFuture<T>()
        .completeOnTimeout(answer, by.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiting.decrementAndGet());
  }

  /** Ends what a caller has open when its credential ends. */
  public Optional<Hold> hold(Principal principal) {
    return authentication.hold(principal);
  }
}
