package clawster.runtime.models;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a request as a chat completion. Options are OpenAI's own words, so they pass as they are.
 */
final class OpenAiQuestion {

  /** Members of the body that are ours to write. */
  private static final Set<String> OURS =
      Set.of("model", "messages", "tools", "stream", "stream_options");

  private OpenAiQuestion() {}

  static byte[] body(ModelRequest request) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("model", request.model());
          json.writeBooleanField("stream", true);
          json.writeObjectFieldStart("stream_options");
          json.writeBooleanField("include_usage", true);
          json.writeEndObject();
          json.writeArrayFieldStart("messages");
          for (var message : request.messages()) {
            writeMessage(json, message);
          }
          json.writeEndArray();
          writeTools(json, request.tools());
          for (var option : new TreeMap<>(request.options()).entrySet()) {
            if (!OURS.contains(option.getKey())) {
              json.writePOJOField(option.getKey(), option.getValue());
            }
          }
          json.writeEndObject();
        });
  }

  private static void writeMessage(JsonGenerator json, ModelMessage message) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role(message.role()));
    if (!message.name().isEmpty()) {
      json.writeStringField("name", message.name());
    }
    writeContent(json, message);
    if (!message.toolCalls().isEmpty()) {
      json.writeArrayFieldStart("tool_calls");
      for (var call : message.toolCalls()) {
        writeCall(json, call);
      }
      json.writeEndArray();
    }
    if (!message.toolCallId().isEmpty()) {
      json.writeStringField("tool_call_id", message.toolCallId());
    }
    json.writeEndObject();
  }

  private static String role(ModelMessage.Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case DEVELOPER -> "developer";
      case USER -> "user";
      case ASSISTANT -> "assistant";
      case TOOL -> "tool";
    };
  }

  /**
   * One text is written as a string, which every server understands; a list only where it must be.
   */
  private static void writeContent(JsonGenerator json, ModelMessage message) throws IOException {
    var content = message.content();
    json.writeFieldName("content");
    if (content.isEmpty()) {
      if (message.toolCalls().isEmpty()) {
        json.writeString("");
      } else {
        json.writeNull();
      }
    } else if (content.size() == 1
        && content.getFirst() instanceof ModelMessage.Part.Text(var text)) {
      json.writeString(text);
    } else {
      json.writeStartArray();
      for (var part : content) {
        writePart(json, part);
      }
      json.writeEndArray();
    }
  }

  private static void writePart(JsonGenerator json, ModelMessage.Part part) throws IOException {
    json.writeStartObject();
    switch (part) {
      case ModelMessage.Part.Text(var text) -> {
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
      }
      case ModelMessage.Part.Image(var url, var detail) -> {
        json.writeStringField("type", "image_url");
        json.writeObjectFieldStart("image_url");
        json.writeStringField("url", url);
        if (!detail.isEmpty()) {
          json.writeStringField("detail", detail);
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static void writeCall(JsonGenerator json, ModelMessage.ToolCall call) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", call.id());
    json.writeStringField("type", "function");
    json.writeObjectFieldStart("function");
    json.writeStringField("name", call.name());
    json.writeStringField("arguments", call.arguments());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeTools(JsonGenerator json, List<ToolSpec> tools) throws IOException {
    if (tools.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tools");
    for (var tool : tools) {
      json.writeStartObject();
      json.writeStringField("type", "function");
      json.writeObjectFieldStart("function");
      json.writeStringField("name", tool.name());
      if (!tool.description().isEmpty()) {
        json.writeStringField("description", tool.description());
      }
      if (!tool.parameters().isBlank()) {
        json.writeFieldName("parameters");
        Json.writeObject(json, tool.parameters(), "the parameters of tool " + tool.name());
      }
      if (tool.strict()) {
        json.writeBooleanField("strict", true);
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
