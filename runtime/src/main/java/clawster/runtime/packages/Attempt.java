package clawster.runtime.packages;

import clawster.packages.Outcome;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import java.time.Instant;

/**
 * What came of trying to bring about one declaration, on one node.
 *
 * @param times how often it was tried
 * @param at when it ended the last time
 * @param outcome the last one
 */
record Attempt(long change, int times, Instant at, Outcome outcome) {

  /** Whoever installs has said that it is so. */
  boolean succeeded() {
    return outcome instanceof Outcome.Done;
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due());
  }

  Instant due() {
    return at.plus(Pauses.TO_TRY.after(times));
  }

  /**
   * How it stands while it is not seen to be as declared. Not to know how it ended is no answer,
   * and that somebody else is at it will pass.
   */
  PackageStatus status(Declaration declaration) {
    return switch (outcome) {
      case Outcome.Done _ -> PackageStatus.of(declaration, State.DONE);
      case Outcome.Unknown _ -> PackageStatus.of(declaration, State.WAITING);
      case Outcome.Failed(var code, var error) ->
          switch (code) {
            case LOCKED -> PackageStatus.of(declaration, State.WAITING);
            case HELPER_UNAVAILABLE -> PackageStatus.of(declaration, State.NOBODY);
            default -> PackageStatus.failed(declaration, new Failure(code, error));
          };
    };
  }
}
