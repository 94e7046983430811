package clawster.http.chat;

import clawster.http.kernel.JsonBody;
import clawster.runtime.kernel.Flaw;
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
   * @param flaw of what is none
   */
  private record Option(String name, Flaw flaw, Predicate<JsonNode> fits) {}

  private static final List<Option> PASSED_ON =
      List.of(
          number("temperature"),
          number("top_p"),
          number("presence_penalty"),
          number("frequency_penalty"),
          count("max_tokens"),
          count("max_completion_tokens"),
          new Option("seed", Flaw.of("integer"), JsonNode::isIntegralNumber),
          new Option("stop", Flaw.of("text_or_texts"), ChatOptions::isStop),
          new Option(
              "tool_choice",
              Flaw.of("text_or_object"),
              value -> value.isTextual() || value.isObject()),
          new Option("parallel_tool_calls", Flaw.FLAG, JsonNode::isBoolean),
          new Option("response_format", Flaw.OBJECT, JsonNode::isObject),
          new Option("logit_bias", Flaw.of("numbers"), ChatOptions::isBias),
          new Option("reasoning_effort", Flaw.TEXT, JsonNode::isTextual),
          new Option("verbosity", Flaw.TEXT, JsonNode::isTextual));

  private ChatOptions() {}

  private static Option number(String name) {
    return new Option(name, Flaw.NUMBER, ChatOptions::isNumber);
  }

  private static Option count(String name) {
    return new Option(
        name,
        Flaw.of("positive"),
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
      throw body.bad("logprobs", Flaw.UNSUPPORTED);
    }
    if (body.has("top_logprobs")) {
      throw body.bad("top_logprobs", Flaw.UNSUPPORTED);
    }
    var options = new HashMap<String, Object>();
    for (var option : PASSED_ON) {
      body.raw(option.name())
          .ifPresent(
              value -> {
                if (!option.fits().test(value)) {
                  throw body.bad(option.name(), option.flaw());
                }
                options.put(option.name(), JsonBody.MAPPER.convertValue(value, Object.class));
              });
    }
    return options;
  }
}
