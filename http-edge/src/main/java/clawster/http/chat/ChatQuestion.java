package clawster.http.chat;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.JsonBody;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.ToolSpec;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /v1/chat/completions} (OpenAI API reference, "Create chat completion"),
 * read and checked. Fields we do not know are ignored.
 *
 * @param options sampling parameters, passed on as they are
 */
record ChatQuestion(
    String model,
    List<ModelMessage> messages,
    boolean stream,
    boolean includeUsage,
    Optional<String> user,
    List<ToolSpec> tools,
    Map<String, Object> options) {

  static final int MAX_MESSAGES = 10_000;
  static final int MAX_TOOLS = 512;
  static final int MAX_MODEL = 256;
  static final int MAX_TOOL_NAME = 128;
  static final String TOOL_NAME = "[A-Za-z0-9_.-]{1,%d}".formatted(MAX_TOOL_NAME);

  /**
   * @throws BadRequest naming the field
   */
  static ChatQuestion read(JsonBody body) {
    if (body.number("n").filter(n -> n.compareTo(BigDecimal.ONE) != 0).isPresent()) {
      throw body.bad("n", Flaw.notOneOf("1"));
    }
    var messages = messages(body);
    return new ChatQuestion(
        model(body),
        messages,
        body.flag("stream").orElse(false),
        body.child("stream_options").flatMap(o -> o.flag("include_usage")).orElse(false),
        body.line("user").filter(user -> !user.isBlank()),
        tools(body),
        ChatOptions.read(body));
  }

  /** Bounded, because every chunk repeats it. */
  private static String model(JsonBody body) {
    var model = body.line("model").orElseThrow(() -> body.bad("model", Flaw.REQUIRED));
    if (model.length() > MAX_MODEL) {
      throw body.bad("model", Flaw.longer(MAX_MODEL));
    }
    return model;
  }

  private static List<ModelMessage> messages(JsonBody body) {
    if (!body.has("messages")) {
      throw body.bad("messages", Flaw.REQUIRED);
    }
    var children = body.children("messages");
    if (children.size() > MAX_MESSAGES) {
      throw body.bad("messages", Flaw.of("more").with("most", MAX_MESSAGES));
    }
    var messages = children.stream().map(ChatQuestion::message).toList();
    if (messages.stream().noneMatch(ChatQuestion::asks)) {
      throw new BadRequest(ChatProblems.NO_USER_MESSAGE.with("param", "messages"));
    }
    return messages;
  }

  /** A result of a tool asks too: what to say of it. */
  private static boolean asks(ModelMessage message) {
    return message.role() == Role.USER || message.role() == Role.TOOL;
  }

  private static ModelMessage message(JsonBody body) {
    var role = role(body);
    var calls = role == Role.ASSISTANT ? calls(body) : List.<ToolCall>of();
    var content = role == Role.ASSISTANT ? saidOrRefused(body) : content(body);
    if (content.isEmpty() && calls.isEmpty() && !body.has("content")) {
      throw body.bad("content", Flaw.REQUIRED);
    }
    var callId = body.text("tool_call_id").orElse("");
    if (role == Role.TOOL && callId.isEmpty()) {
      throw body.bad("tool_call_id", Flaw.REQUIRED);
    }
    return new ModelMessage(
        role, content, calls, role == Role.TOOL ? callId : "", body.text("name").orElse(""));
  }

  private static List<Part> saidOrRefused(JsonBody body) {
    var refusal = body.text("refusal");
    return refusal.isPresent() && !body.has("content")
        ? List.of(new Part.Text(refusal.get()))
        : content(body);
  }

  private static Role role(JsonBody body) {
    return switch (body.required("role")) {
      case "system" -> Role.SYSTEM;
      case "developer" -> Role.DEVELOPER;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool" -> Role.TOOL;
      case String other -> throw body.bad("role", Flaw.unknown(shortened(other)));
    };
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static List<Part> content(JsonBody body) {
    var content = body.raw("content");
    if (content.isEmpty()) {
      return List.of();
    }
    if (content.get().isTextual()) {
      return List.of(new Part.Text(content.get().asText()));
    }
    if (!content.get().isArray()) {
      throw body.bad("content", Flaw.of("parts"));
    }
    return body.children("content").stream().map(ChatQuestion::part).toList();
  }

  private static Part part(JsonBody body) {
    return switch (body.required("type")) {
      case "text" -> new Part.Text(body.required("text"));
      case "refusal" -> new Part.Text(body.required("refusal"));
      case "image_url" -> image(body);
      case String other -> throw body.bad("type", Flaw.unknown(shortened(other)));
    };
  }

  private static Part image(JsonBody body) {
    var image = body.child("image_url").orElseThrow(() -> body.bad("image_url", Flaw.REQUIRED));
    var url = image.required("url");
    if (!url.startsWith("https://") && !url.startsWith("data:")) {
      throw image.bad("url", Flaw.of("picture"));
    }
    return new Part.Image(url, image.text("detail").orElse(""));
  }

  private static List<ToolCall> calls(JsonBody body) {
    return body.children("tool_calls").stream()
        .map(
            call -> {
              var function =
                  call.child("function").orElseThrow(() -> call.bad("function", Flaw.REQUIRED));
              return new ToolCall(
                  call.required("id"),
                  function.required("name"),
                  function.text("arguments").orElse(""));
            })
        .toList();
  }

  private static List<ToolSpec> tools(JsonBody body) {
    var children = body.children("tools");
    if (children.size() > MAX_TOOLS) {
      throw body.bad("tools", Flaw.of("more").with("most", MAX_TOOLS));
    }
    var names = new HashSet<String>();
    var tools = new ArrayList<ToolSpec>();
    for (var child : children) {
      if (!child.required("type").equals("function")) {
        throw child.bad("type", Flaw.notOneOf("function"));
      }
      var function =
          child.child("function").orElseThrow(() -> child.bad("function", Flaw.REQUIRED));
      var name = function.required("name");
      if (!name.matches(TOOL_NAME)) {
        throw function.bad("name", Flaw.of("tool_name").with("most", MAX_TOOL_NAME));
      }
      if (!names.add(name)) {
        throw function.bad("name", Flaw.of("name_twice"));
      }
      var parameters =
          function
              .child("parameters")
              .flatMap(_ -> function.raw("parameters"))
              .map(JsonNode::toString)
              .orElse("{\"type\":\"object\",\"properties\":{}}");
      tools.add(
          new ToolSpec(
              name,
              function.text("description").orElse(""),
              parameters,
              function.flag("strict").orElse(false)));
    }
    return tools;
  }
}
