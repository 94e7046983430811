package clawster.bench.upstream;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The few things said to Jackson, once. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final AtomicLong IDS = new AtomicLong();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static Optional<JsonNode> read(byte[] bytes) {
    try {
      return Optional.ofNullable(MAPPER.readTree(bytes));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /** The string as it stands between the quotes. */
  static byte[] inner(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }

  static String id(String prefix) {
    return prefix
        + Long.toString(System.currentTimeMillis(), 36)
        + Long.toString(IDS.incrementAndGet(), 36);
  }
}
