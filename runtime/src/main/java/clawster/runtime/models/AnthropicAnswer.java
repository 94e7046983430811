package clawster.runtime.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads messages in Anthropic's format, streamed or whole. Blocks are numbered over the whole
 * message there; here the calls among them are numbered from 0.
 *
 * <pre>
 * content_block_delta  text_delta        Text
 *                      thinking_delta    Reasoning
 *                      input_json_delta  ToolCallFragment
 * content_block_start  tool_use          ToolCallFragment with id and name
 * content_block_stop   tool_use          ToolCallFragment with the whole input, if none came in pieces
 * message_start, message_delta           usage, stop reason
 * message_stop                           the end
 * ping                                   nothing
 * </pre>
 */
final class AnthropicAnswer implements UpstreamAnswer {

  private static final List<String> PROMPT_PARTS =
      List.of("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens");

  private final Map<Long, Call> calls = new HashMap<>();
  private String stopReason = "";
  private long promptTokens;
  private long completionTokens;
  private boolean ended;

  @Override
  public boolean read(byte[] data, int offset, int length, Consumer<ModelEvent> events) {
    try (var json = Json.FACTORY.createParser(data, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw Json.malformed();
      }
      return heard(event(json), events);
    } catch (IOException _) {
      throw Json.malformed();
    }
  }

  @Override
  public void readWhole(byte[] body, Consumer<ModelEvent> events) {
    try {
      var message = Json.MAPPER.readTree(body);
      if (message.path("error").isObject()) {
        throw UpstreamError.inStream(message.path("error"));
      }
      if (!message.path("content").isArray()) {
        throw new ModelFailure(ModelFailure.Kind.MALFORMED, "the model's answer holds no content");
      }
      for (var block : message.path("content")) {
        readBlock(block, events);
      }
      stopReason = message.path("stop_reason").asText("");
      readUsage(message.path("usage"));
      ended = true;
    } catch (IOException _) {
      throw Json.malformed();
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public boolean whole() {
    return ended;
  }

  @Override
  public ModelEvent.Finished finished() {
    var reason =
        switch (stopReason) {
          case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
          case "tool_use" -> FinishReason.TOOL_CALLS;
          case "refusal" -> FinishReason.CONTENT_FILTER;
          default -> FinishReason.STOP;
        };
    return new ModelEvent.Finished(reason, new Usage(promptTokens, completionTokens));
  }

  private boolean heard(Event event, Consumer<ModelEvent> events) {
    switch (event.type) {
      case "content_block_delta" -> heardDelta(event, events);
      case "content_block_start" -> heardStart(event, events);
      case "content_block_stop" -> heardStop(event.index, events);
      case "message_start", "message_delta" -> {
        stopReason = event.stopReason.isEmpty() ? stopReason : event.stopReason;
        readUsage(event.usage);
      }
      case "message_stop" -> ended = true;
      case "error" -> throw UpstreamError.inStream(event.error);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void heardDelta(Event event, Consumer<ModelEvent> events) {
    if (!event.text.isEmpty()) {
      events.accept(new ModelEvent.Text(event.text));
    }
    if (!event.thinking.isEmpty()) {
      events.accept(new ModelEvent.Reasoning(event.thinking));
    }
    if (!event.partialJson.isEmpty()) {
      var call = calls.get(event.index);
      if (call == null) {
        throw new ModelFailure(
            ModelFailure.Kind.MALFORMED, "the model's answer goes on with a call that never began");
      }
      call.inPieces = true;
      events.accept(new ModelEvent.ToolCallFragment(call.index, "", "", event.partialJson));
    }
  }

  private void heardStart(Event event, Consumer<ModelEvent> events) {
    if (event.block.path("type").asText("").equals("tool_use")) {
      beginCall(event.index, event.block, events);
    } else {
      readBlock(event.block, events);
    }
  }

  private void heardStop(long block, Consumer<ModelEvent> events) {
    var call = calls.get(block);
    if (call != null && !call.inPieces) {
      events.accept(new ModelEvent.ToolCallFragment(call.index, "", "", call.input));
    }
  }

  private void beginCall(long block, JsonNode toolUse, Consumer<ModelEvent> events) {
    var input = toolUse.path("input").isObject() ? toolUse.path("input").toString() : "{}";
    var call = new Call(calls.size(), input);
    calls.put(block, call);
    events.accept(
        new ModelEvent.ToolCallFragment(
            call.index, toolUse.path("id").asText(""), toolUse.path("name").asText(""), ""));
  }

  /** A block that is there at once, with all it holds. */
  private void readBlock(JsonNode block, Consumer<ModelEvent> events) {
    switch (block.path("type").asText("")) {
      case "text" -> heardDelta(Event.ofText(block.path("text").asText(""), ""), events);
      case "thinking" -> heardDelta(Event.ofText("", block.path("thinking").asText("")), events);
      case "tool_use" -> {
        long number = calls.size();
        beginCall(number, block, events);
        heardStop(number, events);
      }
      default -> {
        // Blocks of tools that run upstream: nothing we asked for.
      }
    }
  }

  /** The last word counts: message_start knows the prompt, message_delta the completion so far. */
  private void readUsage(JsonNode usage) {
    var prompt = 0L;
    for (var part : PROMPT_PARTS) {
      prompt += Math.max(0, usage.path(part).asLong(0));
    }
    promptTokens = Math.max(promptTokens, prompt);
    completionTokens = Math.max(completionTokens, usage.path("output_tokens").asLong(0));
  }

  private static Event event(JsonParser json) throws IOException {
    var event = new Event();
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "type" -> event.type = Json.text(json);
        case "index" -> event.index = Json.count(json);
        case "delta" -> readDelta(json, event);
        case "content_block" -> event.block = Json.MAPPER.readTree(json);
        case "message" -> event.usage = Json.MAPPER.<JsonNode>readTree(json).path("usage");
        case "usage" -> event.usage = Json.MAPPER.readTree(json);
        case "error" -> event.error = Json.MAPPER.readTree(json);
        default -> json.skipChildren();
      }
    }
    return event;
  }

  private static void readDelta(JsonParser json, Event event) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "text" -> event.text = Json.text(json);
        case "thinking" -> event.thinking = Json.text(json);
        case "partial_json" -> event.partialJson = Json.text(json);
        case "stop_reason" -> event.stopReason = Json.text(json);
        default -> json.skipChildren();
      }
    }
  }

  /** What one event said, whatever the order of its fields. Only the rare events hold trees. */
  private static final class Event {
    private String type = "";
    private long index;
    private String text = "";
    private String thinking = "";
    private String partialJson = "";
    private String stopReason = "";
    private JsonNode block = Json.MAPPER.missingNode();
    private JsonNode usage = Json.MAPPER.missingNode();
    private JsonNode error = Json.MAPPER.missingNode();

    static Event ofText(String text, String thinking) {
      var event = new Event();
      event.text = text;
      event.thinking = thinking;
      return event;
    }
  }

  private static final class Call {
    private final int index;
    private final String input;
    private boolean inPieces;

    Call(int index, String input) {
      this.index = index;
      this.input = input;
    }
  }
}
