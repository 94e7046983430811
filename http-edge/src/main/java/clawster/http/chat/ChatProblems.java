package clawster.http.chat;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import clawster.runtime.models.ModelFailure;
import clawster.runtime.runs.RunWord;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How a run that did not complete looks to whoever asked for it. */
final class ChatProblems {

  static final Problem NO_SUCH_MODEL = Problem.of(Kind.NOT_FOUND, "model.not_found");
  static final Problem NO_USER_MESSAGE = Problem.of(Kind.INVALID, "chat.no_user_message");

  static final Problem ABORTED = Problem.of(Kind.CONFLICT, "run.aborted");
  static final Problem INTERRUPTED = Problem.of(Kind.INTERNAL, "run.interrupted");
  static final Problem LOST = Problem.of(Kind.INTERNAL, "run.lost");

  /** All that a run may end with but an answer: what is said here, and what its log can say. */
  static final List<Problem> OF_RUNS =
      Stream.concat(
              Stream.of(ABORTED, INTERRUPTED, LOST),
              Stream.concat(
                      Stream.of(
                          "run.fault",
                          "run.no_agent",
                          "run.no_model",
                          "run.too_many_steps",
                          "model.unknown"),
                      Stream.of(ModelFailure.Kind.values())
                          .map(kind -> "upstream." + kind.name().toLowerCase(Locale.ROOT)))
                  .map(ChatProblems::of))
          .toList();

  private ChatProblems() {}

  static Problem of(RunWord.Failed failed) {
    return of(failed.code()).with("detail", failed.message());
  }

  private static Problem of(String code) {
    var problem = Problem.of(kind(code), code);
    return problem.kind() == Kind.BUSY ? problem.retryAfter(Duration.ofSeconds(10)) : problem;
  }

  /** Codes are those of {@code ModelFailure.Kind} and of the session's rules. */
  private static Kind kind(String code) {
    return switch (code) {
      case "upstream.overloaded" -> Kind.BUSY;
      case "upstream.refused" -> Kind.INVALID;
      case "model.unknown", "run.no_agent" -> Kind.NOT_FOUND;
      case String c when c.startsWith("upstream.") -> Kind.UPSTREAM;
      default -> Kind.INTERNAL;
    };
  }
}
