package clawster.runtime.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads chat completions, streamed or whole, from OpenAI and the many servers that speak like it.
 * It is generous where those differ: reasoning under either name, calls without an index or an id,
 * a finish reason that forgets the calls. Only the first choice is read.
 */
final class OpenAiAnswer implements UpstreamAnswer {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private static final Function NO_FUNCTION = new Function("", "");

  private record Function(String name, String arguments) {}

  /** A call that has begun; what is empty may still come. */
  private record Begun(int position, String id, String name) {

    /** Some servers repeat the id with every fragment; another id is another call. */
    boolean goesOnWith(String fragmentsId) {
      return id.isEmpty() || fragmentsId.isEmpty() || id.equals(fragmentsId);
    }
  }

  /** By the upstream's index; the newest call of each. */
  private final Map<Integer, Begun> calls = new HashMap<>();

  private int callsBegun;
  private int lastIndex = -1;
  private String finishReason = "";
  private Usage usage = Usage.NONE;
  private boolean ended;

  @Override
  public boolean read(byte[] data, int offset, int length, Consumer<ModelEvent> events) {
    if (Arrays.equals(data, offset, offset + length, DONE, 0, DONE.length)) {
      ended = true;
      return true;
    }
    try (var json = Json.FACTORY.createParser(data, offset, length)) {
      return readCompletion(json, events);
    } catch (IOException _) {
      throw Json.malformed();
    }
  }

  @Override
  public void readWhole(byte[] body, Consumer<ModelEvent> events) {
    if (!read(body, 0, body.length, events)) {
      throw new ModelFailure(ModelFailure.Kind.MALFORMED, "the model's answer holds no choice");
    }
    ended = true;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public boolean whole() {
    return ended || !finishReason.isEmpty();
  }

  @Override
  public ModelEvent.Finished finished() {
    var reason =
        switch (finishReason) {
          case "length" -> FinishReason.LENGTH;
          case "content_filter" -> FinishReason.CONTENT_FILTER;
          case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
          default -> callsBegun == 0 ? FinishReason.STOP : FinishReason.TOOL_CALLS;
        };
    return new ModelEvent.Finished(reason, usage);
  }

  private boolean readCompletion(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw Json.malformed();
    }
    var progress = false;
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "choices" -> progress |= readChoices(json, events);
        case "usage" -> progress |= readUsage(json);
        case "error" -> readError(json);
        default -> json.skipChildren();
      }
    }
    return progress;
  }

  private static void readError(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      throw UpstreamError.inStream(Json.MAPPER.readTree(json));
    }
  }

  private boolean readUsage(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    long prompt = 0;
    long completion = 0;
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "prompt_tokens" -> prompt = Json.count(json);
        case "completion_tokens" -> completion = Json.count(json);
        default -> json.skipChildren();
      }
    }
    usage = new Usage(prompt, completion);
    return true;
  }

  private boolean readChoices(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    var progress = false;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      readChoice(json, events);
      progress = true;
    }
    return progress;
  }

  private void readChoice(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    Consumer<ModelEvent> heard = events;
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "index" -> heard = Json.count(json) == 0 ? events : _ -> {};
        case "delta", "message" -> readDelta(json, heard);
        case "finish_reason" -> {
          var reason = Json.text(json);
          finishReason = reason.isEmpty() ? finishReason : reason;
        }
        default -> json.skipChildren();
      }
    }
  }

  private void readDelta(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    var reasoned = false;
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "content", "refusal" -> readContent(json, events);
        case "reasoning_content", "reasoning" -> {
          var reasoning = Json.text(json);
          if (!reasoning.isEmpty() && !reasoned) {
            events.accept(new ModelEvent.Reasoning(reasoning));
            reasoned = true;
          }
        }
        case "tool_calls" -> readCalls(json, events);
        default -> json.skipChildren();
      }
    }
  }

  /** Content is text, or a list of parts of which we read those that are text. */
  private static void readContent(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      for (var part : json.<JsonNode>readValueAsTree()) {
        emitText(part.path("text").asText(""), events);
      }
    } else {
      emitText(Json.text(json), events);
    }
  }

  private static void emitText(String text, Consumer<ModelEvent> events) {
    if (!text.isEmpty()) {
      events.accept(new ModelEvent.Text(text));
    }
  }

  private void readCalls(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        readCall(json, events);
      }
    }
  }

  private void readCall(JsonParser json, Consumer<ModelEvent> events) throws IOException {
    var index = -1;
    var id = "";
    var function = NO_FUNCTION;
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "index" ->
            index = json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : -1;
        case "id" -> id = Json.text(json);
        case "function" -> function = readFunction(json);
        default -> json.skipChildren();
      }
    }
    emitCall(index >= 0 ? index : indexOf(id, function.name()), id, function, events);
  }

  private static Function readFunction(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return NO_FUNCTION;
    }
    var name = "";
    var arguments = "";
    while (Json.nextField(json)) {
      switch (json.currentName()) {
        case "name" -> name = Json.text(json);
        case "arguments" -> arguments = readArguments(json);
        default -> json.skipChildren();
      }
    }
    return new Function(name, arguments);
  }

  private static String readArguments(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.START_OBJECT ? Json.raw(json) : Json.text(json);
  }

  /**
   * Where no index is given, a name or a new id begins the next call and the absence of both goes
   * on with the last.
   */
  private int indexOf(String id, String name) {
    var last = calls.get(lastIndex);
    var sameId = last != null && !id.isEmpty() && id.equals(last.id());
    return last != null && (sameId || id.isEmpty() && name.isEmpty()) ? lastIndex : lastIndex + 1;
  }

  private void emitCall(int index, String id, Function function, Consumer<ModelEvent> events) {
    lastIndex = index;
    var known = calls.get(index);
    var isNew = known == null || !known.goesOnWith(id);
    var begun = isNew ? new Begun(callsBegun++, "", "") : known;
    var newId = begun.id().isEmpty() ? id : "";
    var newName = begun.name().isEmpty() ? function.name() : "";
    calls.put(index, new Begun(begun.position(), begun.id() + newId, begun.name() + newName));
    if (isNew || !(newId + newName + function.arguments()).isEmpty()) {
      events.accept(
          new ModelEvent.ToolCallFragment(begun.position(), newId, newName, function.arguments()));
    }
  }
}
