package clawster.http.kernel;

import clawster.runtime.kernel.Problem;

/**
 * Leaves the reading of a request at the first thing that is wrong with it. Thrown and caught
 * inside this module only: beyond a handler it is an answer.
 */
public final class BadRequest extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public BadRequest(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
