package clawster.contract;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Values for a schema of a request: such as fit, at its bounds too, and such as do not. */
public record Samples(Random random) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Texts longer than this are made only where a schema has a bound. */
  private static final int SHORT = 12;

  private static final int MANY = 20_000;

  /** Of texts outside a body: a server refuses a whole head that is longer than some thousands. */
  private static final int LONGEST = 600;

  /** What nobody would write but somebody will send. */
  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\ud800",
          "a\udc00b",
          "\u202e\u2066",
          "\ud83e\udd80",
          "\r\nX: y",
          "null",
          "../../etc/passwd",
          "%00%2e%2f",
          "'; DROP TABLE x; --",
          "{\"a\":[",
          "\ufffe\uffff",
          "\u00e4\u00f6\u00fc\u00df\u6f22\u5b57");

  /** One that fits. */
  public JsonNode fitting(Schema schema) {
    return switch (schema) {
      case Schema.Text(int least, int most) ->
          JSON.textNode(text(Math.min(most, least + random.nextInt(SHORT))));
      case Schema.Words(List<String> words) -> JSON.textNode(one(words));
      case Schema.Formed(_, String example) -> JSON.textNode(example);
      case Schema.Time() -> JSON.textNode(Instant.EPOCH.toString());
      case Schema.Uuid() ->
          JSON.textNode(new UUID(random.nextLong(), random.nextLong()).toString());
      case Schema.Whole(long least, long most) -> JSON.numberNode(whole(least, most));
      case Schema.Number() -> JSON.numberNode(random.nextDouble(-2, 2));
      case Schema.Flag() -> JSON.booleanNode(random.nextBoolean());
      case Schema.Many(Schema of, int least, _) ->
          JSON.arrayNode()
              .addAll(Stream.generate(() -> fitting(of)).limit(Math.max(1, least)).toList());
      case Schema.Shape(List<Field> fields) -> shape(fields);
      case Schema.Table(Schema values) -> JSON.objectNode().set(text(3), fitting(values));
      case Schema.Either(List<Schema> of) -> fitting(one(of));
      case Schema.Nullable(Schema of) -> random.nextInt(4) == 0 ? JSON.nullNode() : fitting(of);
      case Schema.Named(_, Schema of) -> fitting(of);
      case Schema.Anything() -> one(pool());
    };
  }

  private ObjectNode shape(List<Field> fields) {
    var node = JSON.objectNode();
    for (var field : fields) {
      if (field.required() || random.nextInt(3) == 0) {
        node.set(field.name(), fitting(field.schema()));
      }
    }
    return node;
  }

  /** Like {@code good}, with one thing in it changed to something that fits just so. */
  public Stream<JsonNode> bounds(Schema schema, JsonNode good) {
    return changed(schema, good, this::bounds).filter(value -> Fit.OF_REQUESTS.fits(schema, value));
  }

  /** Like {@code good}, with one thing in it that does not fit. */
  public Stream<JsonNode> broken(Schema schema, JsonNode good) {
    return changed(schema, good, this::broken)
        .filter(value -> !Fit.OF_REQUESTS.fits(schema, value));
  }

  /** Like {@code good}, with a text in it that is strange, whether it fits or not. */
  public Stream<JsonNode> strange(Schema schema, JsonNode good) {
    return changed(
        schema,
        good,
        leaf -> leaf instanceof Schema.Text ? STRANGE.stream().map(JSON::textNode) : Stream.of());
  }

  /** For where everything is a text: some that fit. */
  public Stream<String> fittingTexts(Schema schema) {
    return Stream.concat(Stream.generate(() -> fitting(schema)).limit(3), bounds(schema))
        .filter(value -> Fit.OF_REQUESTS.fits(schema, value))
        .map(JsonNode::asText)
        .filter(text -> text.length() <= LONGEST);
  }

  /** And some that do not. */
  public Stream<String> brokenTexts(Schema schema) {
    return switch (schema) {
      case Schema.Text(int least, int most) ->
          Stream.of(least - 1, most)
              .filter(length -> length >= 0 && length <= LONGEST)
              .map(length -> text(length == most ? length + 1 : length));
      case Schema.Whole(long least, long most) ->
          Stream.of(
              "" + (least - 1),
              "" + (most + 1),
              "9".repeat(30),
              "1.5",
              "1e3",
              "x",
              "",
              "0x10",
              "\u0663\ud835\udfd9");
      case Schema.Words _, Schema.Formed _, Schema.Uuid _, Schema.Flag _ ->
          Stream.of("no such word", "0");
      default -> Stream.of();
    };
  }

  /** Whatever somebody may send. */
  public String strangeText() {
    return one(STRANGE);
  }

  /** One of the schema's, or something like it. */
  public JsonNode any(Schema schema) {
    var good = fitting(schema);
    var like =
        switch (random.nextInt(4)) {
          case 0 -> bounds(schema, good);
          case 1 -> broken(schema, good);
          case 2 -> strange(schema, good);
          default -> Stream.of(good);
        };
    var all = like.toList();
    return all.isEmpty() ? good : one(all);
  }

  /** The same of texts. */
  public String anyText(Schema schema) {
    var like =
        switch (random.nextInt(3)) {
          case 0 -> Stream.of(strangeText());
          case 1 -> brokenTexts(schema);
          default -> fittingTexts(schema);
        };
    var all = like.toList();
    return all.isEmpty() ? strangeText() : one(all);
  }

  private Stream<JsonNode> bounds(Schema leaf) {
    return switch (leaf) {
      case Schema.Text(int least, int most) ->
          Stream.of(least, Math.min(most, MANY)).map(length -> JSON.textNode(text(length)));
      case Schema.Words(List<String> words) -> words.stream().map(JSON::textNode);
      case Schema.Whole(long least, long most) -> Stream.of(least, most).map(JSON::numberNode);
      case Schema.Number() -> Stream.of(-1e300, 0.0, 5e-324, 1e300).map(JSON::numberNode);
      default -> Stream.of(fitting(leaf));
    };
  }

  private Stream<JsonNode> broken(Schema leaf) {
    var values = new ArrayList<>(pool());
    switch (leaf) {
      case Schema.Text(int least, int most) -> {
        if (most < MANY) {
          values.add(JSON.textNode(text(most + 1)));
        }
        if (least > 0) {
          values.add(JSON.textNode(text(least - 1)));
        }
      }
      case Schema.Whole(long least, long most) -> {
        if (least > Long.MIN_VALUE) {
          values.add(JSON.numberNode(least - 1));
        }
        if (most < Long.MAX_VALUE) {
          values.add(JSON.numberNode(most + 1));
        }
      }
      case Schema.Many(Schema of, int least, int most) -> {
        if (most < MANY) {
          var same = fitting(of);
          values.add(
              JSON.arrayNode().addAll(Stream.generate(() -> same).limit(most + 1L).toList()));
        }
      }
      default -> {}
    }
    return values.stream();
  }

  private static List<JsonNode> pool() {
    return List.of(
        JSON.booleanNode(true),
        JSON.numberNode(0),
        JSON.numberNode(-1.5),
        JSON.textNode(""),
        JSON.textNode("no such word"),
        JSON.arrayNode(),
        JSON.arrayNode().addNull(),
        JSON.objectNode(),
        JSON.objectNode().put("a", 1));
  }

  /** The value with each place in it, one at a time, replaced by what {@code leaf} gives for it. */
  private Stream<JsonNode> changed(
      Schema schema, JsonNode value, Function<Schema, Stream<JsonNode>> leaf) {
    return switch (schema) {
      case Schema.Named(_, Schema of) -> changed(of, value, leaf);
      case Schema.Nullable(Schema of) -> changed(of, value, leaf);
      case Schema.Either(List<Schema> all) ->
          all.stream().flatMap(one -> changed(one, value, leaf));
      case Schema.Shape(List<Field> fields) when value instanceof ObjectNode object ->
          Stream.concat(
              leaf.apply(schema), fields.stream().flatMap(field -> changed(field, object, leaf)));
      case Schema.Many(Schema of, _, _) when value.isArray() && !value.isEmpty() ->
          Stream.concat(
              leaf.apply(schema),
              changed(of, value.get(0), leaf).map(first -> JSON.arrayNode().add(first)));
      case Schema.Table(Schema values) ->
          Stream.concat(
              leaf.apply(schema),
              changed(values, fitting(values), leaf)
                  .map(one -> JSON.objectNode().<JsonNode>set("a", one)));
      default -> leaf.apply(schema);
    };
  }

  private Stream<JsonNode> changed(
      Field field, ObjectNode object, Function<Schema, Stream<JsonNode>> leaf) {
    var there = object.has(field.name()) ? object.get(field.name()) : fitting(field.schema());
    var with =
        changed(field.schema(), there, leaf)
            .map(value -> object.deepCopy().<JsonNode>set(field.name(), value));
    var without = object.deepCopy().without(field.name());
    return Stream.concat(
        Stream.of(without, object.deepCopy().<JsonNode>set(field.name(), JSON.nullNode())), with);
  }

  private String text(int length) {
    return random
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private long whole(long least, long most) {
    return most == Long.MAX_VALUE
        ? Math.max(least, -1_000) + random.nextInt(1_000)
        : random.nextLong(least, most + 1);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
