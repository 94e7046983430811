package clawster.http.chat;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import clawster.runtime.runs.RunWord;
import java.time.Duration;

/** How a run that did not complete looks to whoever asked for it. */
final class ChatProblems {

  static final Problem ABORTED = Problem.of(Kind.CONFLICT, "run.aborted");
  static final Problem INTERRUPTED = Problem.of(Kind.INTERNAL, "run.interrupted");
  static final Problem LOST = Problem.of(Kind.INTERNAL, "run.lost");

  private ChatProblems() {}

  static Problem of(RunWord.Failed failed) {
    var problem = Problem.of(kind(failed.code()), failed.code()).with("detail", failed.message());
    return problem.kind() == Kind.BUSY ? problem.retryAfter(Duration.ofSeconds(10)) : problem;
  }

  /** Codes are those of {@code ModelFailure.Kind} and of the session's rules. */
  private static Kind kind(String code) {
    return switch (code) {
      case "upstream.overloaded" -> Kind.BUSY;
      case "upstream.refused" -> Kind.INVALID;
      case "model.unknown" -> Kind.NOT_FOUND;
      case String c when c.startsWith("upstream.") -> Kind.UPSTREAM;
      default -> Kind.INTERNAL;
    };
  }
}
