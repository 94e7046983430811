package clawster.http.chat;

import clawster.http.kernel.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Sampling parameters: checked for their form, and passed on as they are. */
final class ChatOptions {

  /**
   * @param form what is expected, as a refusal says it
   */
  private record Option(String name, String form, Predicate<JsonNode> fits) {}

  private static final List<Option> PASSED_ON =
      List.of(
          number("temperature"),
          number("top_p"),
          number("presence_penalty"),
          number("frequency_penalty"),
          count("max_tokens"),
          count("max_completion_tokens"),
          new Option("seed", "an integer is expected", JsonNode::isIntegralNumber),
          new Option("stop", "a string or an array of strings is expected", ChatOptions::isStop),
          new Option(
              "tool_choice",
              "a string or an object is expected",
              value -> value.isTextual() || value.isObject()),
          new Option("parallel_tool_calls", "true or false is expected", JsonNode::isBoolean),
          new Option("response_format", "an object is expected", JsonNode::isObject),
          new Option("logit_bias", "an object of numbers is expected", ChatOptions::isBias),
          new Option("reasoning_effort", "a string is expected", JsonNode::isTextual),
          new Option("verbosity", "a string is expected", JsonNode::isTextual));

  private ChatOptions() {}

  private static Option number(String name) {
    return new Option(name, "a number is expected", ChatOptions::isNumber);
  }

  private static Option count(String name) {
    return new Option(
        name,
        "an integer of at least 1 is expected",
        value -> value.isIntegralNumber() && value.decimalValue().compareTo(BigDecimal.ONE) >= 0);
  }

  /** Too large a number is none any more once it is a double. */
  private static boolean isNumber(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.doubleValue());
  }

  private static boolean isStop(JsonNode value) {
    return value.isTextual() || value.isArray() && all(value, JsonNode::isTextual);
  }

  private static boolean isBias(JsonNode value) {
    return value.isObject() && all(value, ChatOptions::isNumber);
  }

  private static boolean all(JsonNode values, Predicate<JsonNode> fits) {
    return StreamSupport.stream(values.spliterator(), false).allMatch(fits);
  }

  static Map<String, Object> read(JsonBody body) {
    if (body.flag("logprobs").orElse(false)) {
      throw body.bad("logprobs", "is not supported");
    }
    if (body.has("top_logprobs")) {
      throw body.bad("top_logprobs", "is not supported");
    }
    var options = new HashMap<String, Object>();
    for (var option : PASSED_ON) {
      body.raw(option.name())
          .ifPresent(
              value -> {
                if (!option.fits().test(value)) {
                  throw body.bad(option.name(), option.form());
                }
                options.put(option.name(), JsonBody.MAPPER.convertValue(value, Object.class));
              });
    }
    return options;
  }
}
