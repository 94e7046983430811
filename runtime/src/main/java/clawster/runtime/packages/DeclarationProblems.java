package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** Why nothing is declared, or cannot be followed. */
public final class DeclarationProblems {

  /** There are as many as there may be. */
  public static final Problem TOO_MANY =
      Problem.of(Kind.CONFLICT, "package.too_many")
          .with("limit", String.valueOf(DesiredPackages.MOST));

  /** So many callers wait at this node already. */
  public static final Problem TOO_MANY_FOLLOWERS =
      Problem.of(Kind.BUSY, "package.too_many_followers").retryAfter(Duration.ofSeconds(10));

  public static final List<Problem> ALL = List.of(TOO_MANY, TOO_MANY_FOLLOWERS);

  private DeclarationProblems() {}
}
