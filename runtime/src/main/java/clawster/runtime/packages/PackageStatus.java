package clawster.runtime.packages;

import clawster.packages.FailureCode;
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
    NOBODY
  }

  /**
   * @param error what the package manager said, for people
   */
  public record Failure(FailureCode code, String error) {}
}
