package clawster.http.config;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.object;
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
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The document as JSON: an object for each section, in it each setting under its key. */
final class ConfigJson {

  static final Schema HASH = formed("[0-9a-f]{16}", "9f86d081884c7d65");

  /** All settings. */
  static final Schema DOCUMENT = document((key, schema) -> field(key, schema));

  /** Some of them, or what sets them back. */
  static final Schema PATCH = document((key, schema) -> optional(key, orNull(schema)));

  private ConfigJson() {}

  private static Schema document(BiFunction<String, Schema, Field> of) {
    var sections = new LinkedHashMap<String, List<Field>>();
    for (var setting : GatewaySettings.ALL) {
      int dot = setting.name().indexOf('.');
      sections
          .computeIfAbsent(setting.name().substring(0, dot), _ -> new ArrayList<>())
          .add(of.apply(setting.name().substring(dot + 1), schema(setting.kind())));
    }
    return object(
        sections.entrySet().stream()
            .map(section -> optional(section.getKey(), new Schema.Shape(section.getValue())))
            .toArray(Field[]::new));
  }

  private static Schema schema(Kind<?> kind) {
    return switch (kind) {
      case Kind.Flag _ -> flag();
      case Kind.Whole(int least, int most) -> whole(least, most);
      case Kind.Seconds(int least, int most) -> whole(least, most);
      case Kind.Line line -> formed(line.pattern().pattern(), line.example());
      case Kind.Lines(var each) -> listOf(schema(each), 0, Kind.Lines.MOST);
    };
  }

  /** Puts a plain value where the setting is. */
  static void put(ObjectNode document, Setting<?> setting, Object plain) {
    int dot = setting.name().indexOf('.');
    document
        .withObjectProperty(setting.name().substring(0, dot))
        .set(setting.name().substring(dot + 1), JsonBody.MAPPER.valueToTree(plain));
  }

  /**
   * What a merge patch (RFC 7396) changes: plain values by the names of settings, empty ones for
   * null. A section that is null is as if absent, since nobody would say so much by it.
   */
  static Map<String, Optional<Object>> changes(JsonBody patch) {
    var changes = new TreeMap<String, Optional<Object>>();
    for (var section : patch.fields()) {
      if (section.getValue().isNull()) {
        continue;
      }
      if (!section.getValue().isObject()) {
        throw new BadRequest(RequestProblems.field(section.getKey(), "an object is expected"));
      }
      for (var setting : section.getValue().properties()) {
        changes.put(section.getKey() + "." + setting.getKey(), plain(setting.getValue()));
      }
    }
    return changes;
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
