package clawster.http.config;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.config.Setting;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The document as JSON: an object for each section, in it each setting under its key. */
final class ConfigJson {

  private ConfigJson() {}

  /** Puts a plain value where the setting is. */
  static void put(ObjectNode document, Setting<?> setting, Object plain) {
    int dot = setting.name().lastIndexOf('.');
    document
        .withObjectProperty(setting.name().substring(0, dot))
        .set(setting.name().substring(dot + 1), JsonBody.MAPPER.valueToTree(plain));
  }

  /**
   * What a merge patch (RFC 7396) changes: plain values by the names of settings, empty ones for
   * null. A section that is null is refused, since nobody would say so much by it.
   */
  static Map<String, Optional<Object>> changes(JsonBody patch) {
    var changes = new TreeMap<String, Optional<Object>>();
    for (var section : patch.fields()) {
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

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
