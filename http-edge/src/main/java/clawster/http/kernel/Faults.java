package clawster.http.kernel;

import clawster.runtime.kernel.Failures;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.StorageAway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told of what was thrown instead of answered. */
final class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private Faults() {}

  /**
   * @param id by which what is logged is found again
   */
  static Problem problem(String id, Throwable failure) {
    var cause = Failures.cause(failure);
    return switch (cause) {
      case BadRequest bad -> bad.problem();
      case StorageAway _ -> RequestProblems.UNAVAILABLE;
      default -> {
        LOG.error("Request {} failed", id, cause);
        yield RequestProblems.fault(id);
      }
    };
  }
}
