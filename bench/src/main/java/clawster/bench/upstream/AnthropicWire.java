package clawster.bench.upstream;

import clawster.bench.upstream.Message.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/messages}. */
record AnthropicWire() implements Wire {

  @Override
  public Conversation conversation(JsonNode body) {
    var messages = new ArrayList<Message>();
    if (body.hasNonNull("system")) {
      messages.add(new Message(Role.SYSTEM, Wire.text(body.path("system"))));
    }
    for (var message : body.path("messages")) {
      var results = results(message.path("content"));
      messages.addAll(results);
      var text = Wire.text(message.path("content"));
      if (results.isEmpty() || !text.isEmpty()) {
        var role = message.path("role").asText("").equals("assistant") ? Role.ASSISTANT : Role.USER;
        messages.add(new Message(role, text));
      }
    }
    return new Conversation(messages);
  }

  /** Tool results travel inside a user message; to a script they are messages of their own. */
  private static List<Message> results(JsonNode content) {
    var results = new ArrayList<Message>();
    for (var part : content) {
      if (part.path("type").asText("").equals("tool_result")) {
        results.add(new Message(Role.TOOL, Wire.text(part.path("content"))));
      }
    }
    return results;
  }

  @Override
  public Frames stream(JsonNode body, Script script) {
    var head = start(body, script);
    return switch (script.answer()) {
      case Answer.Counted counted -> text(head, counted.pieces(), script);
      case Answer.Words words ->
          text(head, new Pieces.Given(words.words().stream().map(Json::inner).toList()), script);
      case Answer.Calls calls ->
          Frames.of(head, "", new Pieces.Given(blocks(calls)), "", end(script));
    };
  }

  private static Frames text(String head, Pieces pieces, Script script) {
    var delta =
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"";
    var opened =
        event(
            typed(
                "content_block_start",
                0,
                "content_block",
                Json.object().put("type", "text").put("text", "")));
    return Frames.of(head + opened, delta, pieces, "\"}}\n\n", stopped(0) + end(script));
  }

  private static String start(JsonNode body, Script script) {
    var start = Json.object().put("type", "message_start");
    var message = start.putObject("message");
    describe(message, body);
    message.putArray("content");
    message.putNull("stop_reason");
    message.putNull("stop_sequence");
    message.set("usage", usage(script, 1));
    return event(start) + event(Json.object().put("type", "ping"));
  }

  private static String end(Script script) {
    var delta = Json.object().put("type", "message_delta");
    delta.putObject("delta").put("stop_reason", reason(script)).putNull("stop_sequence");
    if (script.tellsUsage()) {
      delta.putObject("usage").put("output_tokens", script.answer().tokens());
    }
    return event(delta)
        + (script.endsProperly() ? event(Json.object().put("type", "message_stop")) : "");
  }

  private static List<byte[]> blocks(Answer.Calls calls) {
    var blocks = new ArrayList<byte[]>();
    for (var index = 0; index < calls.calls().size(); index++) {
      var call = calls.calls().get(index);
      var use = Json.object().put("type", "tool_use").put("id", call.id()).put("name", call.tool());
      use.putObject("input");
      blocks.add(utf8(event(typed("content_block_start", index, "content_block", use))));
      for (var half : call.halves()) {
        var delta = Json.object().put("type", "input_json_delta").put("partial_json", half);
        blocks.add(utf8(event(typed("content_block_delta", index, "delta", delta))));
      }
      blocks.add(utf8(stopped(index)));
    }
    return blocks;
  }

  @Override
  public byte[] whole(JsonNode body, Script script) {
    var whole = Json.object();
    describe(whole, body);
    var content = whole.putArray("content");
    switch (script.answer()) {
      case Answer.Counted counted ->
          content.addObject().put("type", "text").put("text", counted.text());
      case Answer.Words words ->
          content.addObject().put("type", "text").put("text", String.join("", words.words()));
      case Answer.Calls calls -> {
        for (var call : calls.calls()) {
          var use =
              content
                  .addObject()
                  .put("type", "tool_use")
                  .put("id", call.id())
                  .put("name", call.tool());
          use.set("input", Json.read(utf8(call.arguments())).orElseGet(Json::object));
        }
      }
    }
    whole.put("stop_reason", reason(script));
    whole.putNull("stop_sequence");
    if (script.tellsUsage()) {
      whole.set("usage", usage(script, script.answer().tokens()));
    }
    return Json.bytes(whole);
  }

  private static void describe(ObjectNode message, JsonNode body) {
    message.put("id", Json.id("msg_"));
    message.put("type", "message");
    message.put("role", "assistant");
    message.put("model", Wire.model(body));
  }

  private static ObjectNode usage(Script script, int spent) {
    return Json.object()
        .put("input_tokens", script.promptTokens())
        .put("output_tokens", spent)
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0);
  }

  private static String reason(Script script) {
    return script.answer() instanceof Answer.Calls ? "tool_use" : "end_turn";
  }

  private static String stopped(int index) {
    return event(Json.object().put("type", "content_block_stop").put("index", index));
  }

  private static ObjectNode typed(String type, int index, String name, ObjectNode value) {
    var event = Json.object().put("type", type).put("index", index);
    event.set(name, value);
    return event;
  }

  private static String event(ObjectNode event) {
    return "event: " + event.path("type").asText() + "\ndata: " + Json.text(event) + "\n\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] error(int status, String sentence) {
    var error = Json.object().put("type", "error");
    error.putObject("error").put("type", Wire.errorType(status)).put("message", sentence);
    return Json.bytes(error);
  }
}
