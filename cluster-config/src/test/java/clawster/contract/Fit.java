package clawster.contract;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether JSON is what a schema says.
 *
 * @param closed whether an object may have no other fields: answers may not
 */
public record Fit(boolean closed) {

  public static final Fit OF_ANSWERS = new Fit(true);
  public static final Fit OF_REQUESTS = new Fit(false);

  public boolean fits(Schema schema, JsonNode value) {
    return flaws(schema, value).isEmpty();
  }

  /** What does not fit, with its place. */
  public List<String> flaws(Schema schema, JsonNode value) {
    return flaws("$", schema, value).toList();
  }

  private Stream<String> flaws(String at, Schema schema, JsonNode value) {
    return switch (schema) {
      case Schema.Text(int least, int most) ->
          unless(at, value.isTextual() && isWithin(value.asText().length(), least, most), value);
      case Schema.Words(List<String> words) ->
          unless(at, value.isTextual() && words.contains(value.asText()), value);
      case Schema.Formed(String pattern, _) ->
          unless(at, value.isTextual() && value.asText().matches(pattern), value);
      case Schema.Time() -> unless(at, value.isTextual() && isTime(value.asText()), value);
      case Schema.Uuid() -> unless(at, value.isTextual() && isUuid(value.asText()), value);
      case Schema.Whole(long least, long most) ->
          unless(at, value.isNumber() && isWhole(value.decimalValue(), least, most), value);
      case Schema.Number() ->
          unless(at, value.isNumber() && Double.isFinite(value.doubleValue()), value);
      case Schema.Flag() -> unless(at, value.isBoolean(), value);
      case Schema.Many(Schema of, int least, int most) -> many(at, of, least, most, value);
      case Schema.Shape(List<Field> fields) -> shape(at, fields, value);
      case Schema.Table(Schema values) ->
          value.isObject()
              ? value
                  .propertyStream()
                  .flatMap(field -> flaws(at + "." + field.getKey(), values, field.getValue()))
              : Stream.of(at + ": " + value);
      case Schema.Either(List<Schema> all) ->
          unless(at, all.stream().anyMatch(one -> fits(one, value)), value);
      case Schema.Nullable(Schema of) -> value.isNull() ? Stream.of() : flaws(at, of, value);
      case Schema.Named(_, Schema of) -> flaws(at, of, value);
      case Schema.Anything() -> Stream.of();
    };
  }

  private static Stream<String> unless(String at, boolean fits, JsonNode value) {
    return fits ? Stream.of() : Stream.of(at + ": " + value);
  }

  private static boolean isWithin(int size, int least, int most) {
    return size >= least && size <= most;
  }

  private static boolean isWhole(BigDecimal number, long least, long most) {
    return number.stripTrailingZeros().scale() <= 0
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  private static boolean isTime(String text) {
    try {
      return Instant.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Stream<String> many(String at, Schema of, int least, int most, JsonNode value) {
    return value.isArray() && isWithin(value.size(), least, most)
        ? IntStream.range(0, value.size())
            .boxed()
            .flatMap(i -> flaws(at + "[" + i + "]", of, value.get(i)))
        : Stream.of(at + ": " + value.size() + " in " + value.getNodeType());
  }

  private Stream<String> shape(String at, List<Field> fields, JsonNode value) {
    if (!value.isObject()) {
      return Stream.of(at + ": " + value);
    }
    var names = fields.stream().map(Field::name).toList();
    var others =
        value
            .propertyStream()
            .map(field -> field.getKey())
            .filter(name -> closed && !names.contains(name))
            .map(name -> at + "." + name + " is not declared");
    return Stream.concat(others, fields.stream().flatMap(field -> field(at, field, value)));
  }

  /** Null is as if absent where nobody says otherwise, but an answer means what it says. */
  private Stream<String> field(String at, Field field, JsonNode value) {
    var there = value.get(field.name());
    boolean absent = there == null || there.isNull() && !closed;
    if (absent) {
      return unless(at + "." + field.name() + " is missing", !field.required(), value);
    }
    return flaws(at + "." + field.name(), field.schema(), there);
  }
}
