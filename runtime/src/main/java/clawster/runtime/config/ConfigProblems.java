package clawster.runtime.config;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.util.List;

/** Why the document is not changed. */
public final class ConfigProblems {

  private static final Problem UNKNOWN = Problem.of(Kind.INVALID, "config.unknown");
  private static final Problem WRONG = Problem.of(Kind.INVALID, "config.wrong");
  private static final Problem FIXED = Problem.of(Kind.CONFLICT, "config.fixed");

  /** Somebody else has changed it meanwhile. */
  public static final Problem STALE = Problem.of(Kind.CONFLICT, "config.stale");

  /** Made by a newer version of this program than this node is. */
  public static final Problem UNREADABLE = Problem.of(Kind.INTERNAL, "config.unreadable");

  public static final List<Problem> ALL =
      List.of(
          unknown("a.b"),
          wrong(GatewaySettings.SESSION_IDLE),
          fixed(GatewaySettings.SESSION_IDLE),
          STALE,
          UNREADABLE);

  private ConfigProblems() {}

  static Problem unknown(String name) {
    return UNKNOWN.with("param", name);
  }

  static Problem wrong(Setting<?> setting) {
    return WRONG.with("param", setting.name()).with(setting.kind().flaw());
  }

  static Problem fixed(Setting<?> setting) {
    return FIXED.with("param", setting.name()).with("variable", setting.variable());
  }
}
