package clawster.persistence.packages;

import clawster.runtime.packages.InstalledPackage;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.PackageKind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is there as JSON: {@code {"pip":[{"name":…,"version":…}]}}, and {@code
 * [{"name":…,"available":…,"version":…}]}. What is missing reads as empty.
 */
final class ReportJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportJson() {}

  static String installed(Map<PackageKind, List<InstalledPackage>> installed) {
    var all = JSON.createObjectNode();
    installed.forEach(
        (kind, packages) -> {
          var array = all.putArray(kind.wire());
          packages.forEach(one -> named(array.addObject(), one.name(), one.version()));
        });
    return all.toString();
  }

  private static ObjectNode named(ObjectNode node, String name, String version) {
    return node.put("name", name).put("version", version);
  }

  static Map<PackageKind, List<InstalledPackage>> installed(String text) {
    var json = read(text);
    var all = new EnumMap<PackageKind, List<InstalledPackage>>(PackageKind.class);
    for (var kind : PackageKind.values()) {
      if (json.has(kind.wire())) {
        var packages = new ArrayList<InstalledPackage>();
        json.get(kind.wire())
            .forEach(
                one -> packages.add(new InstalledPackage(text(one, "name"), text(one, "version"))));
        all.put(kind, packages);
      }
    }
    return all;
  }

  static String runtimes(List<LanguageRuntime> runtimes) {
    var all = JSON.createArrayNode();
    runtimes.forEach(
        one -> named(all.addObject(), one.name(), one.version()).put("available", one.available()));
    return all.toString();
  }

  static List<LanguageRuntime> runtimes(String text) {
    var all = new ArrayList<LanguageRuntime>();
    read(text)
        .forEach(
            one ->
                all.add(
                    new LanguageRuntime(
                        text(one, "name"),
                        one.path("available").asBoolean(),
                        text(one, "version"))));
    return all;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
