package clawster.runtime.models;

import clawster.runtime.models.ModelMessage.Role;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the demo model has to say, by the end of the conversation:
 *
 * <pre>
 * results of tools                        reports them
 * "call TOOL {json}", TOOL offered        calls it with that
 * a question for the time, a time tool    calls it
 * the name of an offered tool             calls it with what was said
 * anything else                           repeats it
 * </pre>
 *
 * Nothing but the conversation decides, so the beginning of a reply at the end of it is continued
 * exactly.
 */
sealed interface DemoReply {

  record Says(String text) implements DemoReply {}

  record Calls(String id, String tool, String arguments) implements DemoReply {}

  Pattern CALL = Pattern.compile("(?is)\\bcall\\s+`?([\\w.:-]+)`?\\s*(\\{.*\\})?");
  Pattern TIME = Pattern.compile("(?i)\\bwhat('s|\\s+is)?\\s+(the\\s+)?time\\b");

  static DemoReply to(ModelRequest request) {
    var messages = request.messages();
    var goesOn = endsWithWords(messages);
    var begun = goesOn ? text(messages.getLast()) : "";
    var conversation = goesOn ? messages.subList(0, messages.size() - 1) : messages;
    return switch (whole(conversation, request.tools())) {
      case Says(var text) when text.startsWith(begun) -> new Says(text.substring(begun.length()));
      case Says whole -> whole;
      case Calls call -> call;
    };
  }

  /** The texts of a message. */
  static String text(ModelMessage message) {
    return message.content().stream()
        .map(part -> part instanceof ModelMessage.Part.Text(var text) ? text : "")
        .collect(Collectors.joining());
  }

  private static boolean endsWithWords(List<ModelMessage> messages) {
    return !messages.isEmpty()
        && messages.getLast().role() == Role.ASSISTANT
        && messages.getLast().toolCalls().isEmpty();
  }

  private static DemoReply whole(List<ModelMessage> conversation, List<ToolSpec> tools) {
    if (!conversation.isEmpty() && conversation.getLast().role() == Role.TOOL) {
      return new Says(report(conversation));
    }
    var asked = lastOfUser(conversation);
    var id = "call_demo_" + conversation.size();
    return called(asked, tools)
        .map(call -> (DemoReply) new Calls(id, call.name(), call.arguments()))
        .orElseGet(() -> new Says(echo(asked, conversation, tools)));
  }

  private static String lastOfUser(List<ModelMessage> conversation) {
    return conversation.reversed().stream()
        .filter(message -> message.role() == Role.USER)
        .findFirst()
        .map(DemoReply::text)
        .orElse("");
  }

  private static Optional<ModelMessage.ToolCall> called(String asked, List<ToolSpec> tools) {
    return calledByWord(asked, tools)
        .or(
            () ->
                TIME.matcher(asked).find()
                    ? first(tools, "time").map(tool -> call(tool, asked))
                    : Optional.empty())
        .or(
            () ->
                tools.stream()
                    .filter(tool -> mentions(asked, tool.name()))
                    .findFirst()
                    .map(tool -> call(tool, asked)));
  }

  private static Optional<ModelMessage.ToolCall> calledByWord(String asked, List<ToolSpec> tools) {
    return CALL.matcher(asked)
        .results()
        .flatMap(
            match ->
                tools.stream()
                    .filter(tool -> tool.name().equals(match.group(1)))
                    .map(
                        tool ->
                            isObject(match.group(2))
                                ? new ModelMessage.ToolCall("", tool.name(), match.group(2))
                                : call(tool, asked)))
        .findFirst();
  }

  private static Optional<ToolSpec> first(List<ToolSpec> tools, String part) {
    return tools.stream()
        .filter(tool -> tool.name().toLowerCase(Locale.ROOT).contains(part))
        .findFirst();
  }

  private static boolean mentions(String text, String name) {
    return Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])").matcher(text).find();
  }

  private static boolean isObject(String json) {
    return json != null && parsed(json).isObject();
  }

  /** A call with something for everything the tool requires. */
  private static ModelMessage.ToolCall call(ToolSpec tool, String asked) {
    var schema = parsed(tool.parameters());
    var arguments = Json.MAPPER.createObjectNode();
    for (var required : schema.path("required")) {
      fill(arguments, required.asText(), schema.path("properties").path(required.asText()), asked);
    }
    return new ModelMessage.ToolCall("", tool.name(), arguments.toString());
  }

  private static void fill(ObjectNode arguments, String name, JsonNode schema, String asked) {
    if (schema.path("enum").has(0)) {
      arguments.set(name, schema.path("enum").get(0));
      return;
    }
    switch (schema.path("type").asText("string")) {
      case "integer", "number" -> arguments.put(name, 1);
      case "boolean" -> arguments.put(name, true);
      case "array" -> arguments.putArray(name);
      case "object" -> arguments.putObject(name);
      default -> arguments.put(name, asked);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JacksonException _) {
      return Json.MAPPER.missingNode();
    }
  }

  private static String report(List<ModelMessage> conversation) {
    var results =
        conversation.reversed().stream()
            .takeWhile(message -> message.role() == Role.TOOL)
            .toList()
            .reversed();
    return results.stream()
        .map(
            result ->
                "The tool **"
                    + toolOf(result, conversation)
                    + "** answered:\n\n"
                    + quoted(text(result)))
        .collect(
            Collectors.joining(
                "\n\n",
                "",
                "\n\n"
                    + "That is all I know of it: I am the demo model, and only pass on what tools"
                    + " say."));
  }

  private static String toolOf(ModelMessage result, List<ModelMessage> conversation) {
    return conversation.stream()
        .flatMap(message -> message.toolCalls().stream())
        .filter(call -> call.id().equals(result.toolCallId()))
        .map(ModelMessage.ToolCall::name)
        .reduce((_, last) -> last)
        .orElse("unknown");
  }

  private static String echo(String asked, List<ModelMessage> conversation, List<ToolSpec> tools) {
    return """
    I am Clawster's built-in **demo model**, not a real language model: I run offline and answer the same way every time.

    You asked:

    %s

    - This conversation has %d %s so far.
    - %s

    To talk to a real model, set `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` or `OPENAI_BASE_URL` and start again.\
    """
        .formatted(
            asked.isBlank() ? "> *(nothing in words)*" : quoted(asked),
            conversation.size(),
            conversation.size() == 1 ? "message" : "messages",
            toolsOffered(tools));
  }

  private static String toolsOffered(List<ToolSpec> tools) {
    return tools.isEmpty()
        ? "There are no tools for me to call."
        : "I can call %s: write `call %s {}`."
            .formatted(
                tools.stream()
                    .map(tool -> "`" + tool.name() + "`")
                    .collect(Collectors.joining(", ")),
                tools.getFirst().name());
  }

  private static String quoted(String text) {
    return text.strip().lines().map(line -> "> " + line).collect(Collectors.joining("\n"));
  }
}
