package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;

/** What {@link Packages} fails with where it refuses: its edge has an answer for the problem. */
public final class PackagesRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  PackagesRefused(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
