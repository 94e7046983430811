package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.util.List;

/** Why nothing is declared. */
public final class DeclarationProblems {

  /** There are as many as there may be. */
  public static final Problem TOO_MANY =
      Problem.of(Kind.CONFLICT, "package.too_many")
          .with("limit", String.valueOf(DesiredPackages.MOST));

  public static final List<Problem> ALL = List.of(TOO_MANY);

  private DeclarationProblems() {}
}
