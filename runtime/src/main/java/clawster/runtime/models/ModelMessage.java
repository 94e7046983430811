package clawster.runtime.models;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One message of a conversation, as a model reads it.
 *
 * @param content parts in order; text in most cases
 * @param toolCalls calls an assistant made; empty for other roles
 * @param toolCallId the call that a tool message answers; empty for other roles
 * @param name the author's name, where one was given; else empty
 */
public record ModelMessage(
    Role role, List<Part> content, List<ToolCall> toolCalls, String toolCallId, String name) {

  public enum Role {
    SYSTEM,
    /** OpenAI's newer word for a system message; elsewhere the same. */
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL;

    /** Whether it tells the model how to be, rather than taking part in the conversation. */
    public boolean instructs() {
      return this == SYSTEM || this == DEVELOPER;
    }
  }

  /** A piece of a message. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Part.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Part.Image.class, name = "image")
  })
  public sealed interface Part {
    record Text(String text) implements Part {}

    /**
     * @param url an https or data URL
     * @param detail OpenAI's detail hint, possibly empty
     */
    record Image(String url, String detail) implements Part {}
  }

  /**
   * @param arguments JSON text as the model wrote it, not necessarily valid
   */
  public record ToolCall(String id, String name, String arguments) {}

  public ModelMessage {
    content = List.copyOf(content);
    toolCalls = List.copyOf(toolCalls);
  }

  public static ModelMessage text(Role role, String text) {
    return new ModelMessage(role, List.of(new Part.Text(text)), List.of(), "", "");
  }
}
