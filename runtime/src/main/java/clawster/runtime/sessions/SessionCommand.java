package clawster.runtime.sessions;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody wants of a session. Times and ids are given, never taken. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SessionCommand.Submit.class, name = "submit"),
  @JsonSubTypes.Type(value = SessionCommand.Claim.class, name = "claim"),
  @JsonSubTypes.Type(value = SessionCommand.SettleModel.class, name = "settle_model"),
  @JsonSubTypes.Type(value = SessionCommand.FailModel.class, name = "fail_model"),
  @JsonSubTypes.Type(value = SessionCommand.SettleTool.class, name = "settle_tool"),
  @JsonSubTypes.Type(value = SessionCommand.DropAwaited.class, name = "drop_awaited"),
  @JsonSubTypes.Type(value = SessionCommand.Abort.class, name = "abort"),
  @JsonSubTypes.Type(value = SessionCommand.Patch.class, name = "patch"),
  @JsonSubTypes.Type(value = SessionCommand.Reset.class, name = "reset"),
  @JsonSubTypes.Type(value = SessionCommand.Delete.class, name = "delete")
})
public sealed interface SessionCommand extends ClusterMessage {

  Instant at();

  /**
   * New input.
   *
   * @param opening what the session becomes if this opens it
   * @param input the new messages, oldest first; not empty
   * @param mode what it does to a busy session; empty for what the session says
   * @param stopped what had been shown of a running answer, should this input interrupt it
   */
  record Submit(
      SessionProfile opening,
      RunId run,
      List<Message> input,
      RunSpec spec,
      Optional<InputMode> mode,
      Optional<Message> stopped,
      Instant at)
      implements SessionCommand {
    public Submit {
      input = List.copyOf(input);
    }

    Submit stopped(Optional<Message> shown) {
      return shown.isEmpty() ? this : new Submit(opening, run, input, spec, mode, shown, at);
    }
  }

  /** The client has had its time to bring the awaited results, should other input wait for them. */
  record DropAwaited(Instant at) implements SessionCommand {}

  /** After recovery: this owner goes on. */
  record Claim(Instant at) implements SessionCommand {}

  /**
   * The model has answered.
   *
   * @param message the whole answer, with its tool calls
   */
  record SettleModel(
      RunId run,
      int step,
      Message message,
      List<Call> calls,
      String finishReason,
      Usage usage,
      Instant at)
      implements SessionCommand {
    public SettleModel {
      calls = List.copyOf(calls);
    }
  }

  record FailModel(
      RunId run, int step, String code, String reason, Optional<Message> shown, Instant at)
      implements SessionCommand {}

  record SettleTool(RunId run, String callId, ToolOutcome outcome, String content, Instant at)
      implements SessionCommand {}

  /**
   * @param run the run to stop; empty stops all there are
   * @param shown what had been shown of the running answer
   */
  record Abort(Optional<RunId> run, Optional<Message> shown, Instant at) implements SessionCommand {

    Abort shown(Optional<Message> message) {
      return new Abort(run, message, at);
    }
  }

  /** Empty fields stay as they are; an empty text clears. */
  record Patch(
      Optional<String> label,
      Optional<String> model,
      Optional<Map<String, String>> metadata,
      Optional<InputMode> inputMode,
      Instant at)
      implements SessionCommand {}

  record Reset(Instant at) implements SessionCommand {}

  record Delete(Instant at) implements SessionCommand {}
}
