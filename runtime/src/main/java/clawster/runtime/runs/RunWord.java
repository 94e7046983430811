package clawster.runtime.runs;

import clawster.runtime.models.Usage;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a run log can say. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunWord.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = RunWord.Claimed.class, name = "claimed"),
  @JsonSubTypes.Type(value = RunWord.Text.class, name = "text"),
  @JsonSubTypes.Type(value = RunWord.Reasoning.class, name = "reasoning"),
  @JsonSubTypes.Type(value = RunWord.ToolCalled.class, name = "tool_called"),
  @JsonSubTypes.Type(value = RunWord.ToolSettled.class, name = "tool_settled"),
  @JsonSubTypes.Type(value = RunWord.Steered.class, name = "steered"),
  @JsonSubTypes.Type(value = RunWord.Recovered.class, name = "recovered"),
  @JsonSubTypes.Type(value = RunWord.Interrupted.class, name = "interrupted"),
  @JsonSubTypes.Type(value = RunWord.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = RunWord.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunWord.Aborted.class, name = "aborted"),
  @JsonSubTypes.Type(value = RunWord.Absorbed.class, name = "absorbed")
})
public sealed interface RunWord {

  /** The input is in the journal; always the first entry. */
  record Accepted(String session) implements RunWord {}

  /** A new owner goes on with this run after a crash or a move. */
  record Claimed() implements RunWord {}

  /** A piece of the visible answer. */
  record Text(String text) implements RunWord {}

  record Reasoning(String text) implements RunWord {}

  /**
   * @param client the caller's own tool, which ends the turn; otherwise one that runs here
   */
  record ToolCalled(String id, String name, String arguments, boolean client) implements RunWord {}

  record ToolSettled(String id, String content, String outcome) implements RunWord {}

  /** The input of {@code by} is part of this run from here on. */
  record Steered(RunId by) implements RunWord {}

  /** A half-streamed answer goes on; the text that follows continues the text before. */
  record Recovered(String reason) implements RunWord {}

  /**
   * What was regenerated does not begin with what was shown: the new answer is in the history only.
   */
  record Interrupted() implements RunWord {}

  record Completed(String messageId, String finishReason, Usage usage) implements Ending {}

  record Failed(String code, String message) implements Ending {}

  record Aborted() implements Ending {}

  /** This run's input steered {@code into}, and so is answered there. */
  record Absorbed(RunId into) implements Ending {}

  /** The last entry of a log; nothing follows it. */
  sealed interface Ending extends RunWord {}
}
