package clawster.http.sessions;

import clawster.http.kernel.JsonBody;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.apache.pekko.util.ByteString;

/** Run log entries as server-sent events with ids {@code <run>-<seq>}. */
final class RunEvents {

  private RunEvents() {}

  static ByteString event(RunId run, RunEntry entry) {
    var data = data(entry.word());
    data.put("run", run.toString());
    try {
      return ByteString.fromString(
              "event: " + name(entry.word()) + "\nid: " + run + "-" + entry.seq() + "\ndata: ")
          .concat(ByteString.fromArrayUnsafe(JsonBody.MAPPER.writeValueAsBytes(data)))
          .concat(END);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final ByteString END = ByteString.fromString("\n\n");

  private static String name(RunWord word) {
    return switch (word) {
      case RunWord.Accepted _ -> "run.accepted";
      case RunWord.Claimed _ -> "run.claimed";
      case RunWord.Text _ -> "text";
      case RunWord.Reasoning _ -> "reasoning";
      case RunWord.ToolCalled _ -> "tool.call";
      case RunWord.ToolSettled _ -> "tool.result";
      case RunWord.Recovered _ -> "run.recovered";
      case RunWord.Interrupted _ -> "run.interrupted";
      case RunWord.Completed _ -> "run.done";
      case RunWord.Failed _ -> "run.failed";
      case RunWord.Aborted _ -> "run.aborted";
      case RunWord.Steered _ -> "run.steered";
      case RunWord.Absorbed _ -> "run.absorbed";
    };
  }

  private static ObjectNode data(RunWord word) {
    var node = JsonNodeFactory.instance.objectNode();
    return switch (word) {
      case RunWord.Accepted(String session) -> node.put("session", session);
      case RunWord.Text(String text) -> node.put("text", text);
      case RunWord.Reasoning(String text) -> node.put("text", text);
      case RunWord.ToolCalled(String id, String name, String arguments, boolean client) ->
          node.put("id", id).put("name", name).put("arguments", arguments).put("client", client);
      case RunWord.ToolSettled(String id, String content, String outcome) ->
          node.put("id", id).put("content", content).put("outcome", outcome);
      case RunWord.Recovered(String reason) -> node.put("reason", reason);
      case RunWord.Completed(String message, String finishReason, var usage) -> {
        node.put("messageId", message).put("finishReason", finishReason);
        node.putObject("usage")
            .put("prompt_tokens", usage.promptTokens())
            .put("completion_tokens", usage.completionTokens())
            .put("total_tokens", usage.totalTokens());
        yield node;
      }
      case RunWord.Failed(String code, String message) ->
          node.put("code", code).put("message", message);
      case RunWord.Steered(RunId by) -> node.put("by", by.toString());
      case RunWord.Absorbed(RunId into) -> node.put("into", into.toString());
      case RunWord.Claimed _, RunWord.Interrupted _, RunWord.Aborted _ -> node;
    };
  }
}
