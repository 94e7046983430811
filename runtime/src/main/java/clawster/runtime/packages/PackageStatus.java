package clawster.runtime.packages;

import clawster.packages.FailureCode;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a node has come with what is wanted of one package.
 *
 * @param change which declaration it is about
 * @param failure why it failed; there if, and only if, it did
 */
public record PackageStatus(PackageRef ref, long change, State state, Optional<Failure> failure) {

  public enum State {
    /** It has not begun, or waits to try again. */
    WAITING,
    WORKING,
    /** It is as declared. */
    DONE,
    /** It may be tried again. */
    FAILED,
    /** Nobody installs such packages on this node. */
    NOBODY;

    /** {@code waiting}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param error what the package manager said, for people
   * @param refusals how many times in a row it has failed by something that will hardly change by
   *     itself
   */
  public record Failure(FailureCode code, String error, int refusals) {

    public Failure(FailureCode code, String error) {
      this(code, error, 0);
    }

    /** Whether it may well be so again until somebody declares something else. */
    static boolean isLasting(FailureCode code) {
      return switch (code) {
        case VALIDATION, NOT_FOUND, CONFLICT -> true;
        // Tokens are renewed, and what they permit comes back.
        case PERMISSION -> false;
        case LOCKED, DISK_FULL, NETWORK, TIMEOUT, SYSTEM_ERROR, HELPER_UNAVAILABLE -> false;
      };
    }
  }

  static PackageStatus of(Declaration declaration, State state) {
    return new PackageStatus(declaration.ref(), declaration.change(), state, Optional.empty());
  }

  static PackageStatus failed(Declaration declaration, Failure failure) {
    return new PackageStatus(
        declaration.ref(), declaration.change(), State.FAILED, Optional.of(failure));
  }

  /** Whether its node has, for now, done what it can. */
  boolean isSettled() {
    return switch (state) {
      case WAITING, WORKING -> false;
      case DONE, FAILED, NOBODY -> true;
    };
  }
}
