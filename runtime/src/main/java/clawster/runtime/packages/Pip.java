package clawster.runtime.packages;

import static clawster.packages.FailureCode.CONFLICT;
import static clawster.packages.FailureCode.DISK_FULL;
import static clawster.packages.FailureCode.NETWORK;
import static clawster.packages.FailureCode.NOT_FOUND;
import static clawster.packages.FailureCode.PERMISSION;

import clawster.packages.FailureSign;
import clawster.packages.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Python's package manager: what it is told, and what its answers mean. */
final class Pip {

  /** Who reaches no index is told that there is no such package, so what says why comes first. */
  private static final List<FailureSign> SIGNS =
      List.of(
          new FailureSign("No space left on device", DISK_FULL),
          new FailureSign("Disk quota exceeded", DISK_FULL),
          new FailureSign("after connection broken by", NETWORK),
          new FailureSign("Could not fetch URL", NETWORK),
          new FailureSign("Failed to establish a new connection", NETWORK),
          new FailureSign("Max retries exceeded", NETWORK),
          new FailureSign("Read timed out", NETWORK),
          new FailureSign("Connection reset by peer", NETWORK),
          new FailureSign("HTTP error 5", NETWORK),
          new FailureSign("HTTP error 429", NETWORK),
          new FailureSign("HTTP error 401", PERMISSION),
          new FailureSign("HTTP error 403", PERMISSION),
          new FailureSign("401 Error, Credentials not correct", PERMISSION),
          new FailureSign("User for ", PERMISSION),
          new FailureSign("Permission denied", PERMISSION),
          new FailureSign("Read-only file system", PERMISSION),
          new FailureSign("ResolutionImpossible", CONFLICT),
          new FailureSign("conflicting dependencies", CONFLICT),
          new FailureSign("requires a different Python", CONFLICT),
          new FailureSign("is not a supported wheel on this platform", CONFLICT),
          new FailureSign("No matching distribution found", NOT_FOUND),
          new FailureSign("Could not find a version that satisfies", NOT_FOUND));

  /** What stands around the reason. */
  private static final Pattern BESIDE_THE_POINT =
      Pattern.compile("(?m)^(?:WARNING: |\\[notice] |Looking in |Collecting |Requirement ).*$");

  private Pip() {}

  /**
   * @param log what it writes there tells why something was not found
   */
  static List<String> install(PackageSpec spec, Path into, PipLog log) {
    return List.of(
        "pip3",
        "install",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--no-input",
        "--no-color",
        "--progress-bar=off",
        "--log=" + log.file(),
        "--target=" + into,
        "--",
        spec.ref().name());
  }

  static Outcome.Failed failure(String said, PipLog log) {
    var point = BESIDE_THE_POINT.matcher(said).replaceAll("");
    var code = FailureSign.first(SIGNS, said);
    return new Outcome.Failed(
        code == NOT_FOUND ? log.whyNotFound() : code, Line.of(point.isBlank() ? said : point));
  }
}
