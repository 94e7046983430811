package clawster.http.packages;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** Why a package is not declared, or how it ended cannot be said. */
public final class PackageProblems {

  /** Whatever else a body is, it names none. */
  static final Problem REQUIRED = Problem.of(Kind.INVALID, "package.required");

  /** It could be something else to whoever would install it. */
  static final Problem NAME = Problem.of(Kind.INVALID, "package.name");

  static final Problem BUSY =
      Problem.of(Kind.BUSY, "package.busy").retryAfter(Duration.ofSeconds(10));

  /** What is declared stands; nobody said how it ended. */
  static final Problem UNHEARD = Problem.of(Kind.INTERNAL, "package.unheard");

  /** For the test that every code has a sentence. */
  public static final List<Problem> ALL = List.of(REQUIRED, NAME, BUSY, UNHEARD);

  private PackageProblems() {}
}
