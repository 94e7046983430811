package clawster.runtime.limits;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;

/** Why somebody has to wait. Each says for how long. */
public final class LimitProblems {

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

  private static Problem later(String code, Duration left) {
    return Problem.of(Kind.BUSY, code)
        .with("seconds", String.valueOf(Math.max(1, left.plusMillis(999).toSeconds())))
        .retryAfter(left);
  }
}
