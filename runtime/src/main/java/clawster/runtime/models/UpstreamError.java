package clawster.runtime.models;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * An upstream that says no, by status line or inside a stream that began well. An error inside a
 * stream has no status, so it gets the one the upstream would have used had it known in time.
 */
final class UpstreamError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient RetryRule.Fault.Status fault;

  UpstreamError(int status, String message, Optional<Duration> retryAfter) {
    super(message, null, false, false);
    this.fault = new RetryRule.Fault.Status(status, retryAfter);
  }

  /** From the body of a response that is not 200. */
  static UpstreamError ofBody(int status, byte[] body, Optional<Duration> retryAfter) {
    return new UpstreamError(
        status, "the model's upstream answered " + status + ": " + sentence(body), retryAfter);
  }

  /** From the {@code error} member of an event. */
  static UpstreamError inStream(JsonNode error) {
    return new UpstreamError(
        status(error), "the model's upstream reported: " + sentence(error), Optional.empty());
  }

  RetryRule.Fault.Status fault() {
    return fault;
  }

  private static String sentence(byte[] body) {
    try {
      var json = Json.MAPPER.readTree(body);
      return json.isObject()
          ? sentence(json.path("error").isMissingNode() ? json : json.path("error"))
          : text(body);
    } catch (JacksonException _) {
      return text(body);
    } catch (IOException unreadable) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", unreadable);
    }
  }

  private static String sentence(JsonNode error) {
    var message = error.path("message");
    return oneLine(
        message.isTextual()
            ? message.textValue()
            : error.isTextual() ? error.textValue() : error.toString());
  }

  private static String text(byte[] body) {
    return oneLine(new String(body, StandardCharsets.UTF_8));
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  private static int status(JsonNode error) {
    var code = error.path("code");
    if (code.asInt(0) >= 400 && code.asInt(0) < 600) {
      return code.asInt();
    }
    return switch (error.path("type").asText(code.asText(""))) {
      case "overloaded_error" -> 529;
      case "rate_limit_error", "rate_limit_exceeded", "requests", "tokens", "insufficient_quota" ->
          429;
      case "authentication_error" -> 401;
      case "permission_error", "billing_error" -> 403;
      case "invalid_request_error" -> 400;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "timeout_error" -> 504;
      default -> 500;
    };
  }
}
