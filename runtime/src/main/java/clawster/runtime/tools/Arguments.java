package clawster.runtime.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.Optional;

/** A call's arguments: a JSON object, read leniently because a model wrote it. */
record Arguments(JsonNode object) {

  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Empty if {@code text} is not a JSON object; blank text is an empty object. */
  static Optional<Arguments> parse(String text) {
    try {
      var node = JSON.readTree(text.isBlank() ? "{}" : text);
      return node.isObject() ? Optional.of(new Arguments(node)) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  Optional<String> text(String name) {
    var value = object.get(name);
    return value != null && value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }
}
