package clawster.http.packages;

import clawster.http.kernel.Language;
import clawster.http.kernel.Sentences;
import clawster.packages.FailureCode;
import clawster.runtime.packages.InstalledPackage;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageEvent.Ended;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageStatus;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Packages of many nodes in the shapes that GoClaw has for one; nodes come the oldest first. */
final class PackageJson {

  /** A package, as one node has it. */
  private record Copy(NodePackages node, InstalledPackage installed) {}

  private PackageJson() {}

  static ObjectNode list(List<NodePackages> nodes) {
    var root = object();
    for (var kind : PackageKind.values()) {
      put(root, kind, nodes);
    }
    var all = root.putArray("nodes");
    for (var node : nodes) {
      var statuses = named(all.addObject(), node).putArray("statuses");
      for (var status : node.statuses()) {
        put(statuses.addObject().put("package", status.ref().toString()), status);
      }
    }
    return root;
  }

  /** Null where nobody could look, so that nobody takes it for none. */
  private static void put(ObjectNode root, PackageKind kind, List<NodePackages> nodes) {
    var looked = nodes.stream().filter(node -> node.installed().containsKey(kind)).toList();
    if (looked.isEmpty()) {
      root.putNull(kind.wire());
      return;
    }
    var list = root.putArray(kind.wire());
    copies(kind, looked).values().forEach(of -> put(list.addObject(), of, looked.size()));
  }

  private static Map<String, List<Copy>> copies(PackageKind kind, List<NodePackages> nodes) {
    var byName = new TreeMap<String, List<Copy>>();
    for (var node : nodes) {
      for (var installed : node.installed().get(kind)) {
        byName
            .computeIfAbsent(installed.name(), _ -> new ArrayList<>())
            .add(new Copy(node, installed));
      }
    }
    return byName;
  }

  private static void put(ObjectNode node, List<Copy> copies, int looked) {
    var first = copies.getFirst().installed();
    node.put("name", first.name()).put("version", first.version());
    boolean alike =
        copies.size() == looked && copies.stream().map(Copy::installed).allMatch(first::equals);
    if (!alike) {
      var list = node.putArray("nodes");
      for (var copy : copies) {
        named(list.addObject(), copy.node()).put("version", copy.installed().version());
      }
    }
  }

  static ObjectNode runtimes(List<NodePackages> nodes) {
    var reporting = nodes.stream().filter(node -> !node.runtimes().isEmpty()).toList();
    var root = object();
    root.put("python", isEverywhere("python3", reporting));
    root.put("node", isEverywhere("node", reporting));
    var all = root.putArray("runtimes");
    for (var name : LanguageRuntime.NAMES) {
      var version = found(name, reporting).findFirst().map(LanguageRuntime::version).orElse("");
      put(all.addObject(), new LanguageRuntime(name, isEverywhere(name, reporting), version));
    }
    root.put("ready", isEverywhere("python3", reporting) && isEverywhere("pip3", reporting));
    var each = root.putArray("nodes");
    for (var node : reporting) {
      var list = named(each.addObject(), node).putArray("runtimes");
      node.runtimes().forEach(runtime -> put(list.addObject(), runtime));
    }
    return root;
  }

  private static Stream<LanguageRuntime> found(String name, List<NodePackages> nodes) {
    return nodes.stream()
        .flatMap(node -> node.runtimes().stream())
        .filter(runtime -> runtime.name().equals(name));
  }

  private static boolean isEverywhere(String name, List<NodePackages> nodes) {
    return !nodes.isEmpty()
        && found(name, nodes).filter(LanguageRuntime::available).count() == nodes.size();
  }

  private static void put(ObjectNode node, LanguageRuntime runtime) {
    node.put("name", runtime.name()).put("available", runtime.available());
    if (runtime.available() && !runtime.version().isEmpty()) {
      node.put("version", runtime.version());
    }
  }

  /** Both keys always, as GoClaw's document has them. */
  static ObjectNode result(long change, Ended ended, Language language) {
    var error = ended.missed().map(problem -> Sentences.of(problem, language)).orElse("");
    var root = object().put("ok", ended.ok()).put("error", error);
    var all = root.putArray("nodes");
    for (var node : ended.nodes()) {
      node.status(change).ifPresent(status -> put(named(all.addObject(), node), status));
    }
    return root;
  }

  static ObjectNode put(ObjectNode node, PackageStatus status) {
    node.put("state", status.state().wire());
    status.failure().ifPresent(failure -> put(node, failure.code()).put("error", failure.error()));
    return node;
  }

  private static ObjectNode put(ObjectNode node, FailureCode code) {
    return node.put("code", code.wire());
  }

  private static ObjectNode named(ObjectNode node, NodePackages packages) {
    return node.put("node", packages.node()).put("name", packages.name());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
