package clawster.runtime.models;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a failed attempt is made again, and when. Pure: the time gone by and the randomness come
 * in.
 *
 * <pre>
 * fault                         retried   in the end
 * connection broken             yes       UNAVAILABLE   (the first time at once: a pooled socket may be stale)
 * nobody listening              briefly   UNAVAILABLE   (a restart takes seconds, a wrong address for ever)
 * 429, 529                      yes       OVERLOADED
 * 500, 502, 503, 504            yes       UNAVAILABLE
 * Retry-After beyond the budget no        OVERLOADED, with what was asked
 * 401, 403                      no        UNAUTHORIZED
 * other 5xx                     no        UNAVAILABLE
 * everything else               no        REFUSED
 * </pre>
 *
 * @param budget from the first attempt to the last one's start, at most
 * @param firstBackoff upper bound of the first wait; it doubles with each attempt
 * @param maxBackoff where the doubling stops
 */
public record RetryRule(
    Duration budget, Duration firstBackoff, Duration maxBackoff, int maxAttempts) {

  public static final RetryRule DEFAULT =
      new RetryRule(Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(8), 10);

  /** How long somebody who does not listen is asked again. */
  private static final Duration PATIENCE_WITH_NOBODY = Duration.ofSeconds(3);

  /** What happened to an attempt. */
  public sealed interface Fault {
    /** No answer, or none that ended. */
    record Broken() implements Fault {}

    /** Not even a connection. */
    record Unreachable() implements Fault {}

    /** An answer that says no. */
    record Status(int code, Optional<Duration> retryAfter) implements Fault {}
  }

  public sealed interface Decision {
    record Wait(Duration duration) implements Decision {}

    record GiveUp(ModelFailure.Kind kind, Optional<Duration> retryAfter) implements Decision {}
  }

  public RetryRule {
    if (budget.isNegative()
        || !firstBackoff.isPositive()
        || maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "a retry rule needs a budget and a positive, growing back-off");
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("there is at least one attempt");
    }
  }

  /**
   * @param attempt how many attempts have been made, from 1
   * @param elapsed since the first attempt began
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Decision decide(Fault fault, int attempt, Duration elapsed, double random) {
    return switch (fault) {
      case Fault.Broken() when attempt == 1 && maxAttempts > 1 -> new Decision.Wait(Duration.ZERO);
      case Fault.Broken() -> waitOrGiveUp(Duration.ZERO, attempt, elapsed, random, giveUp(fault));
      case Fault.Unreachable() ->
          elapsed.compareTo(PATIENCE_WITH_NOBODY) > 0
              ? giveUp(fault)
              : waitOrGiveUp(Duration.ZERO, attempt, elapsed, random, giveUp(fault));
      case Fault.Status(var code, var asked) when passes(code) -> {
        var left = budget.minus(elapsed);
        yield asked.filter(wait -> wait.compareTo(left) > 0).isPresent()
            ? new Decision.GiveUp(ModelFailure.Kind.OVERLOADED, asked)
            : waitOrGiveUp(asked.orElse(Duration.ZERO), attempt, elapsed, random, giveUp(fault));
      }
      case Fault.Status _ -> giveUp(fault);
    };
  }

  /** How a fault is reported when it is not tried again. */
  public static Decision.GiveUp giveUp(Fault fault) {
    return switch (fault) {
      case Fault.Broken(), Fault.Unreachable() ->
          new Decision.GiveUp(ModelFailure.Kind.UNAVAILABLE, Optional.empty());
      case Fault.Status(var code, var asked) -> new Decision.GiveUp(kind(code), asked);
    };
  }

  private Decision waitOrGiveUp(
      Duration asked, int attempt, Duration elapsed, double random, Decision otherwise) {
    var backoff = backoff(attempt, random);
    var wait = asked.compareTo(backoff) > 0 ? asked : backoff;
    return attempt >= maxAttempts || wait.compareTo(budget.minus(elapsed)) > 0
        ? otherwise
        : new Decision.Wait(wait);
  }

  /**
   * Full jitter: anywhere between nothing and the bound, so that a crowd of callers spreads out.
   */
  private Duration backoff(int attempt, double random) {
    var doubled = firstBackoff.multipliedBy(1L << Math.min(attempt - 1, 20));
    var bound = doubled.compareTo(maxBackoff) > 0 ? maxBackoff : doubled;
    return Duration.ofNanos((long) (bound.toNanos() * random));
  }

  private static boolean passes(int code) {
    return switch (code) {
      case 429, 500, 502, 503, 504, 529 -> true;
      default -> false;
    };
  }

  private static ModelFailure.Kind kind(int code) {
    return switch (code) {
      case 429, 529 -> ModelFailure.Kind.OVERLOADED;
      case 401, 403 -> ModelFailure.Kind.UNAUTHORIZED;
      default -> code >= 500 ? ModelFailure.Kind.UNAVAILABLE : ModelFailure.Kind.REFUSED;
    };
  }
}
