package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.util.List;
import java.util.regex.Pattern;

/** Node's package manager: what it is told, and what its answers mean. */
final class Npm {

  /** Of the first error: what a package's own scripts say comes after it. */
  private static final Pattern CODE = Pattern.compile("(?m)^npm (?:error|ERR!) code (\\S+)");

  /** What stands around the reason. */
  private static final Pattern BESIDE_THE_POINT =
      Pattern.compile(
          "(?m)^npm (?:warn|WARN|http|notice|verb|info)\\b.*$"
              + "|^npm (?:error|ERR!) (?:A complete log of this run|Log files were not written).*$"
              + "|^npm (?:error|ERR!)");

  private Npm() {}

  static List<String> install(PackageSpec spec) {
    return always("install", spec.toString().substring(PackageKind.NPM.prefix().length()));
  }

  static List<String> uninstall(PackageRef ref) {
    return always("uninstall", ref.name());
  }

  /** What it fetches is the only sign of life it gives while it works. */
  private static List<String> always(String verb, String what) {
    return List.of(
        "npm",
        verb,
        "--global",
        "--no-fund",
        "--no-audit",
        "--no-update-notifier",
        "--no-progress",
        "--no-color",
        "--logs-max=0",
        "--fetch-timeout=60000",
        "--loglevel=http",
        "--",
        what);
  }

  static Outcome.Failed failure(String said) {
    var code = CODE.matcher(said);
    var point = BESIDE_THE_POINT.matcher(said).replaceAll("");
    return new Outcome.Failed(
        code.find() ? meaning(code.group(1)) : FailureCode.SYSTEM_ERROR,
        Line.of(point.isBlank() ? said : point));
  }

  private static FailureCode meaning(String code) {
    return switch (code) {
      case "E404", "ETARGET", "ENOVERSIONS" -> FailureCode.NOT_FOUND;
      case "ENOSPC", "EDQUOT" -> FailureCode.DISK_FULL;
      case "EACCES", "EPERM", "EROFS", "E401", "E403", "ENEEDAUTH" -> FailureCode.PERMISSION;
      case "ERESOLVE", "EEXIST", "EBADENGINE", "EBADPLATFORM", "ENOTSUP" -> FailureCode.CONFLICT;
      case "ENOTFOUND",
          "EAI_AGAIN",
          "ECONNREFUSED",
          "ECONNRESET",
          "ECONNABORTED",
          "EHOSTUNREACH",
          "ENETUNREACH",
          "EPIPE",
          "ETIMEDOUT",
          "ERR_SOCKET_TIMEOUT",
          "EIDLETIMEOUT",
          "ECONNECTIONTIMEOUT",
          "ERESPONSETIMEOUT",
          "EINTEGRITY",
          "CERT_HAS_EXPIRED",
          "SELF_SIGNED_CERT_IN_CHAIN",
          "DEPTH_ZERO_SELF_SIGNED_CERT",
          "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
          "UNABLE_TO_VERIFY_LEAF_SIGNATURE" ->
          FailureCode.NETWORK;
      default -> code.matches("E5\\d\\d|E429") ? FailureCode.NETWORK : FailureCode.SYSTEM_ERROR;
    };
  }
}
