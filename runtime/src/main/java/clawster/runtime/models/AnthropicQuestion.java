package clawster.runtime.models;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a request in Anthropic's format. Messages stay in order and apart, with three moves that
 * the format demands: system messages become the blocks of {@code system}, what a tool said is a
 * message of the user, and blank texts are left out, as are messages of nothing else.
 *
 * <pre>
 * option                                  becomes
 * max_completion_tokens, max_tokens       max_tokens (8192 if neither is given)
 * temperature, top_p                      the same
 * stop                                    stop_sequences
 * tool_choice auto, none                  {"type": the same}
 * tool_choice required                    {"type": "any"}
 * tool_choice {"function": {"name": n}}   {"type": "tool", "name": n}
 * parallel_tool_calls false               tool_choice.disable_parallel_tool_use
 * anything else                           dropped
 * </pre>
 */
final class AnthropicQuestion {

  static final int DEFAULT_MAX_TOKENS = 8192;

  private AnthropicQuestion() {}

  static byte[] body(ModelRequest request) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("model", request.model());
          json.writeBooleanField("stream", true);
          writeOptions(json, request.options());
          writeSystem(json, request.messages());
          json.writeArrayFieldStart("messages");
          for (var message : request.messages()) {
            if (!message.role().instructs() && !saysNothing(message)) {
              writeMessage(json, message);
            }
          }
          json.writeEndArray();
          writeTools(json, request);
          json.writeEndObject();
        });
  }

  private static void writeOptions(JsonGenerator json, Map<String, Object> options)
      throws IOException {
    json.writePOJOField(
        "max_tokens",
        Optional.ofNullable(options.get("max_completion_tokens"))
            .or(() -> Optional.ofNullable(options.get("max_tokens")))
            .orElse(DEFAULT_MAX_TOKENS));
    for (var same : List.of("temperature", "top_p")) {
      if (options.containsKey(same)) {
        json.writePOJOField(same, options.get(same));
      }
    }
    if (options.get("stop") instanceof Object stop) {
      json.writePOJOField("stop_sequences", stop instanceof String ? List.of(stop) : stop);
    }
  }

  private static void writeSystem(JsonGenerator json, List<ModelMessage> messages)
      throws IOException {
    var system = messages.stream().filter(message -> message.role().instructs()).toList();
    if (!system.isEmpty()) {
      json.writeArrayFieldStart("system");
      for (var message : system) {
        writeParts(json, message.content());
      }
      json.writeEndArray();
    }
  }

  private static boolean saysNothing(ModelMessage message) {
    return message.role() != ModelMessage.Role.TOOL
        && message.toolCalls().isEmpty()
        && message.content().stream()
            .allMatch(part -> part instanceof ModelMessage.Part.Text(var text) && text.isBlank());
  }

  private static void writeMessage(JsonGenerator json, ModelMessage message) throws IOException {
    json.writeStartObject();
    json.writeStringField(
        "role", message.role() == ModelMessage.Role.ASSISTANT ? "assistant" : "user");
    json.writeFieldName("content");
    if (message.role() == ModelMessage.Role.TOOL) {
      json.writeStartArray();
      writeToolResult(json, message);
      json.writeEndArray();
    } else {
      writeContent(json, message);
    }
    json.writeEndObject();
  }

  private static void writeContent(JsonGenerator json, ModelMessage message) throws IOException {
    var content = message.content();
    if (message.toolCalls().isEmpty() && isPlain(content)) {
      json.writeString(plain(content));
      return;
    }
    json.writeStartArray();
    writeParts(json, content);
    for (var call : message.toolCalls()) {
      json.writeStartObject();
      json.writeStringField("type", "tool_use");
      json.writeStringField("id", call.id());
      json.writeStringField("name", call.name());
      json.writeFieldName("input");
      writeInput(json, call.arguments());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * The input must be an object here; what a model wrote instead is kept under a name of its own.
   */
  private static void writeInput(JsonGenerator json, String arguments) throws IOException {
    try {
      var input = Json.MAPPER.readTree(arguments.isBlank() ? "{}" : arguments);
      if (input.isObject()) {
        json.writeTree(input);
        return;
      }
    } catch (JacksonException _) {
      // A model may write anything; it is shown what it wrote.
    }
    json.writeStartObject();
    json.writeStringField("arguments", arguments);
    json.writeEndObject();
  }

  private static void writeToolResult(JsonGenerator json, ModelMessage message) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "tool_result");
    json.writeStringField("tool_use_id", message.toolCallId());
    json.writeFieldName("content");
    if (isPlain(message.content())) {
      json.writeString(plain(message.content()));
    } else {
      json.writeStartArray();
      writeParts(json, message.content());
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static boolean isPlain(List<ModelMessage.Part> content) {
    return content.isEmpty()
        || content.size() == 1 && content.getFirst() instanceof ModelMessage.Part.Text;
  }

  private static String plain(List<ModelMessage.Part> content) {
    return !content.isEmpty() && content.getFirst() instanceof ModelMessage.Part.Text(var text)
        ? text
        : "";
  }

  private static void writeParts(JsonGenerator json, List<ModelMessage.Part> parts)
      throws IOException {
    for (var part : parts) {
      switch (part) {
        case ModelMessage.Part.Text(var text) when text.isBlank() -> {}
        case ModelMessage.Part.Text(var text) -> {
          json.writeStartObject();
          json.writeStringField("type", "text");
          json.writeStringField("text", text);
          json.writeEndObject();
        }
        case ModelMessage.Part.Image(var url, _) -> writeImage(json, url);
      }
    }
  }

  private static void writeImage(JsonGenerator json, String url) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "image");
    json.writeObjectFieldStart("source");
    if (url.startsWith("data:")) {
      writeInlineImage(json, url);
    } else {
      json.writeStringField("type", "url");
      json.writeStringField("url", url);
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeInlineImage(JsonGenerator json, String url) throws IOException {
    var comma = url.indexOf(',');
    var mediaType = comma < 0 ? "" : url.substring("data:".length(), comma);
    if (!mediaType.endsWith(";base64")) {
      throw new ModelFailure(ModelFailure.Kind.REFUSED, "an image in a data URL must be in base64");
    }
    json.writeStringField("type", "base64");
    json.writeStringField("media_type", mediaType.substring(0, mediaType.indexOf(';')));
    json.writeStringField("data", url.substring(comma + 1));
  }

  private static void writeTools(JsonGenerator json, ModelRequest request) throws IOException {
    if (request.tools().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tools");
    for (var tool : request.tools()) {
      json.writeStartObject();
      json.writeStringField("name", tool.name());
      if (!tool.description().isEmpty()) {
        json.writeStringField("description", tool.description());
      }
      json.writeFieldName("input_schema");
      var schema = tool.parameters().isBlank() ? "{\"type\":\"object\"}" : tool.parameters();
      Json.writeObject(json, schema, "the parameters of tool " + tool.name());
      json.writeEndObject();
    }
    json.writeEndArray();
    writeToolChoice(json, request.options());
  }

  private static void writeToolChoice(JsonGenerator json, Map<String, Object> options)
      throws IOException {
    var oneAtATime = Boolean.FALSE.equals(options.get("parallel_tool_calls"));
    var asked = options.get("tool_choice");
    if (asked == null && !oneAtATime) {
      return;
    }
    var function = functionName(asked);
    json.writeObjectFieldStart("tool_choice");
    if (function.isPresent()) {
      json.writeStringField("type", "tool");
      json.writeStringField("name", function.get());
    } else {
      json.writeStringField("type", choice(asked));
    }
    if (oneAtATime && !"none".equals(asked)) {
      json.writeBooleanField("disable_parallel_tool_use", true);
    }
    json.writeEndObject();
  }

  private static String choice(Object asked) {
    return "required".equals(asked) ? "any" : "none".equals(asked) ? "none" : "auto";
  }

  private static Optional<String> functionName(Object asked) {
    return asked instanceof Map<?, ?> choice
            && choice.get("function") instanceof Map<?, ?> function
            && function.get("name") instanceof String name
        ? Optional.of(name)
        : Optional.empty();
  }
}
