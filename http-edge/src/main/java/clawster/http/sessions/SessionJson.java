package clawster.http.sessions;

import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.SessionDirectory.Summary;
import clawster.runtime.sessions.SessionProfile;
import clawster.runtime.sessions.SessionState;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * Sessions and messages as JSON: list items in camel case, messages in snake case, as GoClaw writes
 * them, plus {@code id} and {@code timestamp} of every message and {@code mark} where it is not a
 * plain whole one.
 */
final class SessionJson {

  private SessionJson() {}

  static ObjectNode item(Summary session) {
    var node = profile(session.profile());
    node.put("messageCount", session.messageCount());
    node.put("created", session.created().toString());
    node.put("updated", session.updated().toString());
    node.put("inputTokens", session.inputTokens());
    node.put("outputTokens", session.outputTokens());
    if (session.lastPromptTokens() > 0) {
      node.put("estimatedTokens", session.lastPromptTokens());
    }
    return node;
  }

  static ObjectNode whole(SessionState.Open session) {
    var node = profile(session.profile());
    var messages = node.putArray("messages");
    session.history().forEach(message -> messages.add(message(message)));
    node.put("messageCount", session.history().size());
    node.put("summary", "");
    node.put("created", session.created().toString());
    node.put("updated", session.updated().toString());
    node.put("inputTokens", session.usage().promptTokens());
    node.put("outputTokens", session.usage().completionTokens());
    node.put("lastPromptTokens", session.lastPromptTokens());
    node.put("isRunning", !session.idle());
    session.current().ifPresent(run -> node.put("runId", run.id().toString()));
    return node;
  }

  private static ObjectNode profile(SessionProfile profile) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("key", profile.key().value());
    node.put("agentName", profile.agent());
    node.put("channel", profile.channel());
    node.put("userID", profile.user());
    putUnlessEmpty(node, "label", profile.label());
    putUnlessEmpty(node, "model", profile.model());
    node.put("inputMode", profile.inputMode().word());
    if (!profile.metadata().isEmpty()) {
      var metadata = node.putObject("metadata");
      profile.metadata().forEach(metadata::put);
    }
    return node;
  }

  private static void putUnlessEmpty(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  private static JsonNode message(Message message) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", message.id());
    node.put("timestamp", message.timestamp().toString());
    node.put("role", message.role().name().toLowerCase(Locale.ROOT));
    node.put("content", message.text());
    images(node, message.content());
    putUnlessEmpty(node, "thinking", message.thinking());
    if (!message.toolCalls().isEmpty()) {
      var calls = node.putArray("tool_calls");
      for (var call : message.toolCalls()) {
        calls
            .addObject()
            .put("id", call.id())
            .put("name", call.name())
            .set("arguments", Arguments.tree(call.arguments()));
      }
    }
    putUnlessEmpty(node, "tool_call_id", message.toolCallId());
    putUnlessEmpty(node, "name", message.name());
    if (message.mark() != Message.Mark.NONE) {
      node.put("mark", message.mark().name().toLowerCase(Locale.ROOT));
    }
    return node;
  }

  private static void images(ObjectNode node, List<Part> content) {
    var urls =
        content.stream()
            .filter(Part.Image.class::isInstance)
            .map(part -> ((Part.Image) part).url())
            .toList();
    if (!urls.isEmpty()) {
      var images = node.putArray("images");
      urls.forEach(images::add);
    }
  }
}
