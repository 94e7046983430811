package clawster.bench.upstream;

import com.fasterxml.jackson.databind.JsonNode;

/** One provider's way of writing conversations, answers and errors. */
sealed interface Wire permits OpenAiWire, AnthropicWire {

  Conversation conversation(JsonNode body);

  Frames stream(JsonNode body, Script script);

  byte[] whole(JsonNode body, Script script);

  byte[] error(int status, String sentence);

  static String model(JsonNode body) {
    return body.path("model").asText("fake-1");
  }

  /** Text of a content field: a string, or a list of parts. */
  static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    var text = new StringBuilder();
    for (var part : content) {
      text.append(part.isTextual() ? part.asText() : part.path("text").asText(""));
    }
    return text.toString();
  }

  static String errorType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 429 -> "rate_limit_error";
      case 529 -> "overloaded_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }
}
