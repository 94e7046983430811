package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.util.List;

/** Why nothing is declared, and why what is declared has not come about. */
public final class DeclarationProblems {

  /** There are as many as there may be. */
  public static final Problem TOO_MANY =
      Problem.of(Kind.CONFLICT, "package.too_many")
          .with("limit", String.valueOf(DesiredPackages.MOST));

  static final Problem SUPERSEDED = Problem.of(Kind.INTERNAL, "package.superseded");
  static final Problem STUCK = Problem.of(Kind.INTERNAL, "package.stuck");
  static final Problem WITHDRAWN = Problem.of(Kind.INTERNAL, "package.withdrawn");

  private static final Problem FAILED = Problem.of(Kind.INTERNAL, "package.failed");
  private static final Problem SILENT = Problem.of(Kind.INTERNAL, "package.silent");
  private static final Problem NOBODY = Problem.of(Kind.INTERNAL, "package.nobody");

  public static final List<Problem> ALL =
      List.of(
          TOO_MANY,
          SUPERSEDED,
          STUCK,
          WITHDRAWN,
          failed("node-1: 404"),
          silent("node-2"),
          nobody(PackageKind.SYSTEM));

  private DeclarationProblems() {}

  /**
   * @param errors what package managers said, each behind its node's name
   */
  static Problem failed(String errors) {
    return FAILED.with("detail", Line.of(errors));
  }

  /**
   * @param nodes their names
   */
  static Problem silent(String nodes) {
    return SILENT.with("nodes", Line.of(nodes));
  }

  static Problem nobody(PackageKind kind) {
    return NOBODY.with("runtime", kind.runtime());
  }
}
