package clawster.http.openapi;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Schemas as OpenAPI writes them; those with a name are collected and referred to. */
final class Components {

  private final Map<String, Schema> named = new HashMap<>();
  private final Map<String, ObjectNode> written = new TreeMap<>();

  /** All that have been referred to, by name. */
  ObjectNode schemas() {
    var node = node();
    written.forEach(node::set);
    return node;
  }

  ObjectNode of(Schema schema) {
    return switch (schema) {
      case Schema.Text(int least, int most) -> bounded(type("string"), "Length", least, most);
      case Schema.Words(List<String> words) -> words(words);
      case Schema.Formed(String pattern, String example) ->
          type("string").put("pattern", "^(?:" + pattern + ")$").put("example", example);
      case Schema.Time() -> type("string").put("format", "date-time");
      case Schema.Uuid() -> type("string").put("format", "uuid");
      case Schema.Whole(long least, long most) -> whole(least, most);
      case Schema.Number() -> type("number");
      case Schema.Flag() -> type("boolean");
      case Schema.Many(Schema of, int least, int most) ->
          bounded(type("array").<ObjectNode>set("items", of(of)), "Items", least, most);
      case Schema.Shape(List<Field> fields) -> shape(fields);
      case Schema.Table(Schema values) ->
          type("object").<ObjectNode>set("additionalProperties", of(values));
      case Schema.Either(List<Schema> all) -> either(all);
      case Schema.Nullable(Schema of) -> nullable(of(of));
      case Schema.Named(String name, Schema of) -> reference(name, of);
      case Schema.Anything() -> node();
    };
  }

  private ObjectNode reference(String name, Schema schema) {
    var before = named.putIfAbsent(name, schema);
    if (before != null && !before.equals(schema)) {
      throw new IllegalStateException("two schemas are named " + name);
    }
    if (before == null) {
      written.put(name, of(schema));
    }
    return node().put("$ref", "#/components/schemas/" + name);
  }

  private static ObjectNode bounded(ObjectNode node, String of, int least, int most) {
    if (least > 0) {
      node.put("min" + of, least);
    }
    return most < Schema.ENDLESS ? node.put("max" + of, most) : node;
  }

  private static ObjectNode words(List<String> words) {
    var node = type("string");
    var all = node.putArray("enum");
    words.forEach(all::add);
    return node;
  }

  private static ObjectNode whole(long least, long most) {
    var node = type("integer").put("format", "int64");
    if (least > Long.MIN_VALUE) {
      node.put("minimum", least);
    }
    return most < Long.MAX_VALUE ? node.put("maximum", most) : node;
  }

  private ObjectNode shape(List<Field> fields) {
    var node = type("object");
    var required = fields.stream().filter(Field::required).map(Field::name).toList();
    if (!required.isEmpty()) {
      var names = node.putArray("required");
      required.forEach(names::add);
    }
    var properties = node.putObject("properties");
    fields.forEach(
        field -> properties.set(field.name(), described(of(field.schema()), field.description())));
    return node;
  }

  /** What stands beside a reference counts for nothing. */
  private static ObjectNode described(ObjectNode schema, String description) {
    if (description.isEmpty()) {
      return schema;
    }
    return besides(schema).put("description", description);
  }

  private static ObjectNode besides(ObjectNode schema) {
    if (!schema.has("$ref")) {
      return schema;
    }
    var around = node();
    around.putArray("allOf").add(schema);
    return around;
  }

  private ObjectNode either(List<Schema> all) {
    var node = node();
    var any = node.putArray("anyOf");
    all.forEach(schema -> any.add(of(schema)));
    return node;
  }

  private static ObjectNode nullable(ObjectNode schema) {
    var node = besides(schema).put("nullable", true);
    if (node.has("enum")) {
      node.withArray("enum").addNull();
    }
    return node;
  }

  private static ObjectNode type(String type) {
    return node().put("type", type);
  }

  private static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }
}
