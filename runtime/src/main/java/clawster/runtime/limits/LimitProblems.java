package clawster.runtime.limits;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** Why somebody has to wait. Each says for how long. */
public final class LimitProblems {

  /** Of everything that looks at credentials. */
  public static final Problem LOCKED_OUT = lockedOut(Duration.ZERO);

  /** Of everything that makes a model answer. */
  public static final List<Problem> OF_ANSWERS =
      List.of(
          tooOften(1, Duration.ZERO),
          tooManyAnswers(1, Duration.ZERO),
          quotaUsedUp(new Quota.UsedUp(Span.HOUR, 1, Duration.ZERO)));

  private LimitProblems() {}

  /** Too many wrong credentials. Whether this one was right is not said. */
  public static Problem lockedOut(Duration left) {
    return later("request.locked_out", left);
  }

  public static Problem tooOften(int perMinute, Duration left) {
    return later("request.too_often", left).with("limit", String.valueOf(perMinute));
  }

  public static Problem tooManyAnswers(int most, Duration shortly) {
    return Problem.of(Kind.BUSY, "request.too_many_answers")
        .with("limit", String.valueOf(most))
        .retryAfter(shortly);
  }

  public static Problem quotaUsedUp(Quota.UsedUp usedUp) {
    var minutes = usedUp.left().plusSeconds(59).toMinutes();
    return Problem.of(Kind.BUSY, "request.quota_used_up")
        .with("limit", String.valueOf(usedUp.most()))
        .with("hours", String.valueOf(usedUp.span().hours()))
        .with("minutes", String.valueOf(Math.max(1, minutes)))
        .retryAfter(usedUp.left());
  }

  private static Problem later(String code, Duration left) {
    return Problem.of(Kind.BUSY, code)
        .with("seconds", String.valueOf(Math.max(1, left.plusMillis(999).toSeconds())))
        .retryAfter(left);
  }
}
