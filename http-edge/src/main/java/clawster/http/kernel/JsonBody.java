package clawster.http.kernel;

import clawster.runtime.kernel.Flaw;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * A JSON body, strictly read: depth at most {@value #MAX_DEPTH}, no key twice, nothing behind the
 * end; halves of a surrogate pair are replaced, since nothing we write to could hold them. Fields
 * are asked for by name and type; unknown ones are ignored. A {@link BadRequest} names the field.
 */
public final class JsonBody {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 100;

  /** Names, values, brackets: many small ones take far more memory than the text they are in. */
  private static final int MAX_TOKENS = 500_000;

  public static final ObjectMapper MAPPER = mapper();

  private final JsonNode node;
  private final String path;

  private JsonBody(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  private static ObjectMapper mapper() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(20 << 20)
                    .maxNumberLength(MAX_DIGITS)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .build();
  }

  /** The body as an object. */
  public static JsonBody object(ByteString bytes) {
    try (JsonParser parser =
        new WholeText(MAPPER.getFactory().createParser(bytes.toArrayUnsafe()))) {
      JsonNode root = MAPPER.readTree(parser);
      if (root == null || !root.isObject()) {
        throw new BadRequest(RequestProblems.json(Flaw.OBJECT));
      }
      if (parser.nextToken() != null) {
        throw new BadRequest(RequestProblems.json(Flaw.of("json_goes_on")));
      }
      return new JsonBody(root, "");
    } catch (JsonProcessingException e) {
      throw new BadRequest(RequestProblems.json(reason(e)));
    } catch (IOException e) {
      throw new BadRequest(RequestProblems.json(Flaw.of("json_unreadable")));
    }
  }

  /** One without fields. */
  public static JsonBody empty() {
    return new JsonBody(MAPPER.createObjectNode(), "");
  }

  /** As it would be sent. */
  public ByteString bytes() {
    return ByteString.fromString(node.toString());
  }

  /** In our words: the parser's name its classes and settings. */
  private static Flaw reason(JsonProcessingException e) {
    var said = e.getOriginalMessage();
    if (e instanceof StreamConstraintsException) {
      return Flaw.of("json_too_much");
    }
    if (said.startsWith("Duplicate")) {
      return Flaw.of("json_twice");
    }
    var place = e.getLocation();
    return place == null
        ? Flaw.of("json_unreadable")
        : Flaw.of("json_place").with("line", place.getLineNr()).with("column", place.getColumnNr());
  }

  public BadRequest bad(String field, Flaw flaw) {
    return new BadRequest(RequestProblems.field(name(field), flaw));
  }

  private String name(String field) {
    return path.isEmpty() ? field : field.isEmpty() ? path : path + "." + field;
  }

  private Optional<JsonNode> field(String field) {
    var value = node.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  public boolean has(String field) {
    return field(field).isPresent();
  }

  public Optional<JsonNode> raw(String field) {
    return field(field);
  }

  public Optional<String> text(String field) {
    return field(field)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw bad(field, Flaw.TEXT);
              }
              return value.asText();
            });
  }

  /** A text without control characters: what becomes a name, a key or a row of a list. */
  public Optional<String> line(String field) {
    return text(field)
        .map(
            text -> {
              if (text.chars().anyMatch(Character::isISOControl)) {
                throw bad(field, Flaw.CONTROL_CHARACTERS);
              }
              return text;
            });
  }

  public String required(String field) {
    return text(field).orElseThrow(() -> bad(field, Flaw.REQUIRED));
  }

  public Optional<Boolean> flag(String field) {
    return field(field)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw bad(field, Flaw.FLAG);
              }
              return value.asBoolean();
            });
  }

  public Optional<BigDecimal> number(String field) {
    return field(field)
        .map(
            value -> {
              if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw bad(field, Flaw.NUMBER);
              }
              return value.decimalValue();
            });
  }

  public Optional<JsonBody> child(String field) {
    return field(field).map(value -> objectAt(value, name(field)));
  }

  private JsonBody objectAt(JsonNode value, String at) {
    if (!value.isObject()) {
      throw new BadRequest(RequestProblems.field(at, Flaw.OBJECT));
    }
    return new JsonBody(value, at);
  }

  /** The objects of an array; empty if the field is absent. */
  public List<JsonBody> children(String field) {
    var value = field(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray()) {
      throw bad(field, Flaw.ARRAY);
    }
    var all = new ArrayList<JsonBody>(value.get().size());
    for (int i = 0; i < value.get().size(); i++) {
      all.add(objectAt(value.get().get(i), name(field) + "[" + i + "]"));
    }
    return all;
  }

  /** The texts of an array; empty if the field is absent. */
  public List<String> texts(String field) {
    var value = field(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray() || !value.get().valueStream().allMatch(JsonNode::isTextual)) {
      throw bad(field, Flaw.TEXTS);
    }
    return value.get().valueStream().map(JsonNode::asText).toList();
  }

  /** A whole number from {@code least} to {@code most}. */
  public Optional<Long> whole(String field, long least, long most) {
    return number(field)
        .map(
            number -> {
              if (number.stripTrailingZeros().scale() > 0
                  || number.compareTo(BigDecimal.valueOf(least)) < 0
                  || number.compareTo(BigDecimal.valueOf(most)) > 0) {
                throw bad(field, Flaw.whole(least, most));
              }
              return number.longValueExact();
            });
  }

  public Iterable<Map.Entry<String, JsonNode>> fields() {
    return node.properties();
  }
}
