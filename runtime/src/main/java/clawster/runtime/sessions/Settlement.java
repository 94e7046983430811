package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import clawster.runtime.tools.ToolResult;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of work, as the rules are told. It is settled one way or the other: done again, it
 * would come to the same.
 *
 * @param otherwise ends the run should a bug keep the command from being taken
 */
record Settlement(SessionCommand command, SessionCommand otherwise) {

  static Settlement of(Owed.ModelCall call, ModelTurn.Outcome.Answered answer, Instant at) {
    return new Settlement(
        new SessionCommand.SettleModel(
            call.run(),
            call.step(),
            answer.message(),
            answer.calls(),
            answer.finishReason(),
            answer.usage(),
            at),
        new SessionCommand.FailModel(
            call.run(),
            call.step(),
            "run.fault",
            "the answer cannot be taken in",
            Optional.empty(),
            at));
  }

  static Settlement of(Owed.ModelCall call, ModelTurn.Outcome.Failed failure, Instant at) {
    return new Settlement(
        new SessionCommand.FailModel(
            call.run(), call.step(), failure.code(), failure.reason(), failure.shown(), at),
        abort(call.run(), at));
  }

  static Settlement of(Owed.ToolRun tool, ToolResult result, Instant at) {
    return new Settlement(
        new SessionCommand.SettleTool(
            tool.run(),
            tool.call().id(),
            result.ok() ? ToolOutcome.OK : ToolOutcome.ERROR,
            result.content(),
            at),
        abort(tool.run(), at));
  }

  private static SessionCommand abort(RunId run, Instant at) {
    return new SessionCommand.Abort(Optional.of(run), Optional.empty(), at);
  }
}
