package clawster.runtime.sessions;

import clawster.runtime.models.ModelMessage;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A message of a session's history.
 *
 * @param id a version 7 uuid, for ever
 * @param thinking the model's reasoning as it was shown; else empty
 * @param mark why an assistant message is not a plain whole answer
 */
public record Message(
    String id,
    Instant timestamp,
    ModelMessage.Role role,
    List<ModelMessage.Part> content,
    String thinking,
    List<ModelMessage.ToolCall> toolCalls,
    String toolCallId,
    String name,
    Mark mark) {

  public enum Mark {
    NONE,
    /** Went on after a crash or a cut; the text is whole. */
    RECOVERED,
    /** Stopped by somebody; the text is what was shown until then. */
    ABORTED,
    /** The model failed midway; the text is what was shown until then. */
    INCOMPLETE
  }

  public Message {
    content = List.copyOf(content);
    toolCalls = List.copyOf(toolCalls);
  }

  public static Message of(String id, Instant timestamp, ModelMessage message) {
    return new Message(
        id,
        timestamp,
        message.role(),
        message.content(),
        "",
        message.toolCalls(),
        message.toolCallId(),
        message.name(),
        Mark.NONE);
  }

  public ModelMessage toModel() {
    return new ModelMessage(role, content, toolCalls, toolCallId, name);
  }

  /** The text of all text parts. */
  public String text() {
    return content.size() == 1 && content.getFirst() instanceof ModelMessage.Part.Text(String text)
        ? text
        : content.stream()
            .filter(ModelMessage.Part.Text.class::isInstance)
            .map(part -> ((ModelMessage.Part.Text) part).text())
            .collect(Collectors.joining());
  }
}
