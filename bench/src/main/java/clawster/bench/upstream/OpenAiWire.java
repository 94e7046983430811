package clawster.bench.upstream;

import clawster.bench.upstream.Message.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
record OpenAiWire() implements Wire {

  private static final String STOP = "stop";

  @Override
  public Conversation conversation(JsonNode body) {
    var messages = new ArrayList<Message>();
    for (var message : body.path("messages")) {
      messages.add(
          new Message(role(message.path("role").asText("")), Wire.text(message.path("content"))));
    }
    return new Conversation(messages);
  }

  private static Role role(String name) {
    return switch (name) {
      case "system", "developer" -> Role.SYSTEM;
      case "assistant" -> Role.ASSISTANT;
      case "tool", "function" -> Role.TOOL;
      default -> Role.USER;
    };
  }

  @Override
  public Frames stream(JsonNode body, Script script) {
    var chunk = chunk(body);
    var opening = "data: " + chunk + ",\"choices\":[{\"index\":0,\"delta\":";
    var closing = ",\"finish_reason\":null}]}\n\n";
    var head = opening + "{\"role\":\"assistant\",\"content\":\"\"}" + closing;
    var tail =
        opening
            + "{},\"finish_reason\":\""
            + finish(script)
            + "\"}]}\n\n"
            + usageLine(body, script, chunk)
            + (script.endsProperly() ? "data: [DONE]\n\n" : "");
    return switch (script.answer()) {
      case Answer.Counted counted ->
          Frames.of(head, opening + "{\"content\":\"", counted.pieces(), "\"}" + closing, tail);
      case Answer.Words words ->
          Frames.of(
              head,
              opening + "{\"content\":\"",
              new Pieces.Given(words.words().stream().map(Json::inner).toList()),
              "\"}" + closing,
              tail);
      case Answer.Calls calls ->
          Frames.of(head, opening, new Pieces.Given(deltas(calls)), closing, tail);
    };
  }

  /** An unclosed object: what every chunk of one answer starts with. */
  private static String chunk(JsonNode body) {
    return "{\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%d,\"model\":%s"
        .formatted(Json.id("chatcmpl-"), now(), Json.text(Wire.model(body)));
  }

  private static String usageLine(JsonNode body, Script script, String chunk) {
    var wanted =
        body.path("stream_options").path("include_usage").asBoolean() && script.tellsUsage();
    return wanted ? "data: " + chunk + ",\"choices\":[],\"usage\":" + usage(script) + "}\n\n" : "";
  }

  private static List<byte[]> deltas(Answer.Calls calls) {
    var deltas = new ArrayList<byte[]>();
    for (var index = 0; index < calls.calls().size(); index++) {
      var call = calls.calls().get(index);
      deltas.add(
          delta(
              index,
              ",\"id\":" + Json.text(call.id()) + ",\"type\":\"function\"",
              "\"name\":" + Json.text(call.tool()) + ",\"arguments\":\"\""));
      for (var half : call.halves()) {
        deltas.add(delta(index, "", "\"arguments\":" + Json.text(half)));
      }
    }
    return deltas;
  }

  private static byte[] delta(int index, String identity, String function) {
    return ("{\"tool_calls\":[{\"index\":"
            + index
            + identity
            + ",\"function\":{"
            + function
            + "}}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] whole(JsonNode body, Script script) {
    var whole = Json.object();
    whole.put("id", Json.id("chatcmpl-"));
    whole.put("object", "chat.completion");
    whole.put("created", now());
    whole.put("model", Wire.model(body));
    var choice = whole.putArray("choices").addObject();
    choice.put("index", 0);
    message(choice.putObject("message"), script.answer());
    choice.put("finish_reason", finish(script));
    choice.putNull("logprobs");
    if (script.tellsUsage()) {
      whole.set("usage", usage(script));
    }
    return Json.bytes(whole);
  }

  private static void message(ObjectNode message, Answer answer) {
    message.put("role", "assistant");
    switch (answer) {
      case Answer.Counted counted -> message.put("content", counted.text());
      case Answer.Words words -> message.put("content", String.join("", words.words()));
      case Answer.Calls calls -> {
        message.putNull("content");
        var array = message.putArray("tool_calls");
        for (var call : calls.calls()) {
          var item = array.addObject().put("id", call.id()).put("type", "function");
          item.putObject("function").put("name", call.tool()).put("arguments", call.arguments());
        }
      }
    }
  }

  private static String finish(Script script) {
    return script.answer() instanceof Answer.Calls ? "tool_calls" : STOP;
  }

  private static ObjectNode usage(Script script) {
    var spent = script.answer().tokens();
    var usage = Json.object();
    usage.put("prompt_tokens", script.promptTokens());
    usage.put("completion_tokens", spent);
    usage.put("total_tokens", script.promptTokens() + spent);
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    return usage;
  }

  @Override
  public byte[] error(int status, String sentence) {
    var error = Json.object();
    var detail = error.putObject("error");
    detail.put("message", sentence);
    detail.put("type", Wire.errorType(status));
    detail.putNull("param");
    detail.put("code", status == 429 ? "rate_limit_exceeded" : null);
    return Json.bytes(error);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }
}
