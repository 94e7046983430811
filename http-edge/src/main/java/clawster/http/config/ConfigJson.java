package clawster.http.config;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.whole;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.Kind;
import clawster.runtime.config.Setting;
import clawster.runtime.kernel.Flaw;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The document as JSON: an object for each section, in it its sections and settings by key. */
final class ConfigJson {

  static final Schema HASH = formed("[0-9a-f]{16}", "9f86d081884c7d65");

  /** All settings. */
  static final Schema DOCUMENT = document((key, schema) -> field(key, schema));

  /** Some of them, or what sets them back. */
  static final Schema PATCH = document((key, schema) -> optional(key, orNull(schema)));

  private ConfigJson() {}

  private static Schema document(BiFunction<String, Schema, Field> of) {
    return new Schema.Shape(fields("", GatewaySettings.ALL, of));
  }

  /** Of the settings whose names begin so: each, or the section that it is in. */
  private static List<Field> fields(
      String prefix, List<Setting<?>> settings, BiFunction<String, Schema, Field> of) {
    var byKey = new LinkedHashMap<String, List<Setting<?>>>();
    for (var setting : settings) {
      var key = setting.name().substring(prefix.length()).split("\\.", 2)[0];
      byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(setting);
    }
    var fields = new ArrayList<Field>();
    byKey.forEach(
        (key, those) ->
            fields.add(
                GatewaySettings.isSection(prefix + key)
                    ? optional(key, new Schema.Shape(fields(prefix + key + ".", those, of)))
                    : of.apply(key, schema(those.getFirst().kind()))));
    return fields;
  }

  private static Schema schema(Kind<?> kind) {
    return switch (kind) {
      case Kind.Flag _ -> flag();
      case Kind.Whole(int least, int most) -> whole(least, most);
      case Kind.Time(_, int least, int most) -> whole(least, most);
      case Kind.Line line -> formed(line.pattern().pattern(), line.example());
      case Kind.Lines(var each) -> listOf(schema(each), 0, Kind.Lines.MOST);
      case Kind.Networks _ -> listOf(schema(Kind.Networks.FORM), 0, Kind.Lines.MOST);
    };
  }

  /** Puts a plain value where the setting is. */
  static void put(ObjectNode document, Setting<?> setting, Object plain) {
    var path = List.of(setting.name().split("\\."));
    var section = document;
    for (var key : path.subList(0, path.size() - 1)) {
      section = section.withObjectProperty(key);
    }
    section.set(path.getLast(), JsonBody.MAPPER.valueToTree(plain));
  }

  /**
   * What a merge patch (RFC 7396) changes: plain values by the names of settings, empty ones for
   * null. A section that is null is as if absent, since nobody would say so much by it.
   */
  static Map<String, Optional<Object>> changes(JsonBody patch) {
    var changes = new TreeMap<String, Optional<Object>>();
    for (var section : patch.fields()) {
      put(changes, section.getKey(), section.getValue());
    }
    return changes;
  }

  private static void put(Map<String, Optional<Object>> changes, String section, JsonNode value) {
    if (value.isNull()) {
      return;
    }
    if (!value.isObject()) {
      throw new BadRequest(RequestProblems.field(section, Flaw.OBJECT));
    }
    for (var entry : value.properties()) {
      var name = section + "." + entry.getKey();
      if (GatewaySettings.isSection(name)) {
        put(changes, name, entry.getValue());
      } else {
        changes.put(name, plain(entry.getValue()));
      }
    }
  }

  private static Optional<Object> plain(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> Optional.empty();
      case BOOLEAN -> Optional.of(value.booleanValue());
      case NUMBER -> Optional.of(value.decimalValue());
      case STRING -> Optional.of(value.textValue());
      case ARRAY -> Optional.of(items(value));
      case OBJECT, BINARY, POJO -> Optional.of(Map.of());
    };
  }

  private static List<Object> items(JsonNode array) {
    var items = new ArrayList<Object>(array.size());
    array.forEach(item -> items.add(item.isTextual() ? item.textValue() : Map.of()));
    return items;
  }
}
