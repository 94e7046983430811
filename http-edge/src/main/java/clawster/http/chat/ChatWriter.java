package clawster.http.chat;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Refusals;
import clawster.runtime.kernel.Problem;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * A run log as OpenAI chat completion chunks or as one whole completion. One instance per answer;
 * entries are given in order. Text of several model calls in one run is joined by a blank line.
 */
final class ChatWriter {

  private static final ByteString DONE = ByteString.fromString("data: [DONE]\n\n");

  private final String id;
  private final String model;
  private final long created;
  private final boolean includeUsage;
  private final Language language;
  private final byte[] beforeDelta;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<RunWord.ToolCalled> calls = new ArrayList<>();
  private int step;
  private boolean stepSpoke;

  /**
   * @param created seconds since the epoch
   */
  ChatWriter(RunId run, String model, long created, boolean includeUsage, Language language) {
    this.id = "chatcmpl-" + run;
    this.model = model;
    this.created = created;
    this.includeUsage = includeUsage;
    this.language = language;
    this.beforeDelta =
        ("data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%d,\"model\":%s,"
                + "\"choices\":[{\"index\":0,\"delta\":")
            .formatted(id, created, quoted(model))
            .getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** The first chunk, before anything is known. */
  ByteString opening() {
    return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
  }

  /** Nothing is told after this entry, though a run that was made anew goes on. */
  static boolean ends(RunEntry entry) {
    return entry.ends() || entry.word() instanceof RunWord.Interrupted;
  }

  /** What one entry adds to the stream; possibly nothing. */
  ByteString chunk(RunEntry entry) {
    return switch (entry.word()) {
      case RunWord.Text(String piece) -> delta("content", separated(entry, piece));
      case RunWord.Reasoning(String piece) -> delta("reasoning_content", piece);
      case RunWord.ToolCalled call -> call.client() ? toolCall(call) : ByteString.emptyByteString();
      case RunWord.Recovered _ -> ByteString.fromString(": recovered\n\n");
      case RunWord.Interrupted _ -> error(ChatProblems.INTERRUPTED).concat(DONE);
      case RunWord.Completed end ->
          chunk("{}", quoted(end.finishReason())).concat(usage(end.usage())).concat(DONE);
      case RunWord.Failed failed -> error(ChatProblems.of(failed)).concat(DONE);
      case RunWord.Aborted _ -> error(ChatProblems.ABORTED).concat(DONE);
      // Whoever asked for a run that became part of another is told of that one.
      case RunWord.Accepted _,
          RunWord.Claimed _,
          RunWord.ToolSettled _,
          RunWord.Steered _,
          RunWord.Absorbed _ ->
          ByteString.emptyByteString();
    };
  }

  /** Text of a later model call starts a paragraph of its own. */
  private String separated(RunEntry entry, String piece) {
    boolean later = entry.step() != step && stepSpoke;
    step = entry.step();
    stepSpoke = true;
    return later ? "\n\n" + piece : piece;
  }

  private ByteString delta(String field, String piece) {
    var encoder = JsonStringEncoder.getInstance();
    return new ByteStringBuilder()
        .putBytes(beforeDelta)
        .append(ByteString.fromString("{\"" + field + "\":\""))
        .putBytes(encoder.quoteAsUTF8(piece))
        .append(AFTER_TEXT)
        .result();
  }

  private static final ByteString AFTER_TEXT =
      ByteString.fromString("\"},\"finish_reason\":null}]}\n\n");

  private ByteString chunk(String delta, String finishReason) {
    return new ByteStringBuilder()
        .putBytes(beforeDelta)
        .append(ByteString.fromString(delta + ",\"finish_reason\":" + finishReason + "}]}\n\n"))
        .result();
  }

  private ByteString toolCall(RunWord.ToolCalled call) {
    var node = toolCallNode(call);
    node.put("index", calls.size());
    calls.add(call);
    var delta = JsonNodeFactory.instance.objectNode();
    delta.putArray("tool_calls").add(node);
    return chunk(delta.toString(), "null");
  }

  private static ObjectNode toolCallNode(RunWord.ToolCalled call) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", call.id());
    node.put("type", "function");
    node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    return node;
  }

  private ByteString usage(Usage usage) {
    if (!includeUsage) {
      return ByteString.emptyByteString();
    }
    var node = root("chat.completion.chunk");
    node.putArray("choices");
    node.set("usage", usageNode(usage));
    return ByteString.fromString("data: " + node + "\n\n");
  }

  private ByteString error(Problem problem) {
    return ByteString.fromString(
        "data: " + Refusals.body(Dialect.OPENAI, problem, language) + "\n\n");
  }

  /** Takes an entry in; the whole completion or a problem once it was the last. */
  Optional<Whole> collect(RunEntry entry) {
    switch (entry.word()) {
      case RunWord.Text(String piece) -> text.append(separated(entry, piece));
      case RunWord.Reasoning(String piece) -> reasoning.append(piece);
      case RunWord.ToolCalled call when call.client() -> calls.add(call);
      default -> {}
    }
    return switch (entry.word()) {
      case RunWord.Completed end -> Optional.of(new Whole.Answer(whole(end)));
      case RunWord.Failed failed -> Optional.of(new Whole.Problematic(ChatProblems.of(failed)));
      case RunWord.Aborted _ -> Optional.of(new Whole.Problematic(ChatProblems.ABORTED));
      case RunWord.Interrupted _ -> Optional.of(new Whole.Problematic(ChatProblems.INTERRUPTED));
      default -> Optional.empty();
    };
  }

  /** What a non-streaming caller gets. */
  sealed interface Whole {
    record Answer(ByteString body) implements Whole {}

    record Problematic(Problem problem) implements Whole {}
  }

  private ByteString whole(RunWord.Completed end) {
    var node = root("chat.completion");
    var choice = node.putArray("choices").addObject();
    choice.put("index", 0);
    var message = choice.putObject("message");
    message.put("role", "assistant");
    if (text.isEmpty() && !calls.isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", text.toString());
    }
    if (!reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
    }
    if (!calls.isEmpty()) {
      ArrayNode all = message.putArray("tool_calls");
      calls.forEach(call -> all.add(toolCallNode(call)));
    }
    message.putNull("refusal");
    choice.putNull("logprobs");
    choice.put("finish_reason", end.finishReason());
    node.set("usage", usageNode(end.usage()));
    try {
      return ByteString.fromArray(JsonBody.MAPPER.writeValueAsBytes(node));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode root(String object) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", id);
    node.put("object", object);
    node.put("created", created);
    node.put("model", model);
    return node;
  }

  private static ObjectNode usageNode(Usage usage) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", usage.promptTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("total_tokens", usage.totalTokens());
  }
}
