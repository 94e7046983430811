package clawster.http.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.JsonBody;
import clawster.packages.FailureCode;
import clawster.runtime.packages.InstalledPackage;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.State;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PackageJsonTest {

  private static final InstalledPackage CURL = new InstalledPackage("curl", "8.9");
  private static final InstalledPackage JQ = new InstalledPackage("jq", "1.7");

  private static NodePackages node(String id, Map<PackageKind, List<InstalledPackage>> installed) {
    return new NodePackages(id, "node-" + id, installed, List.of(), List.of(), Instant.EPOCH);
  }

  private static NodePackages node(String id, LanguageRuntime... runtimes) {
    return new NodePackages(
        id, "node-" + id, Map.of(), List.of(runtimes), List.of(), Instant.EPOCH);
  }

  private static JsonNode json(String text) throws IOException {
    return JsonBody.MAPPER.readTree(text);
  }

  @Test
  void oneNodesListIsGoClaws() throws IOException {
    var list =
        PackageJson.list(
            List.of(
                node(
                    "1",
                    Map.of(PackageKind.SYSTEM, List.of(CURL, JQ), PackageKind.PIP, List.of()))));
    assertEquals(
        json(
            """
            {"system":[{"name":"curl","version":"8.9"},{"name":"jq","version":"1.7"}],
             "pip":[],"npm":null,"nodes":[{"node":"1","name":"node-1","statuses":[]}]}
            """),
        list);
  }

  @Test
  void whereNodesDifferEachIsNamed() throws IOException {
    var newer = new InstalledPackage("curl", "9.0");
    var list =
        PackageJson.list(
            List.of(
                node("1", Map.of(PackageKind.SYSTEM, List.of(CURL))),
                node("2", Map.of(PackageKind.SYSTEM, List.of(newer, JQ))),
                node("3", Map.of())));
    assertEquals(
        json(
            """
            [{"name":"curl","version":"8.9","nodes":[
               {"node":"1","name":"node-1","version":"8.9"},{"node":"2","name":"node-2","version":"9.0"}]},
             {"name":"jq","version":"1.7","nodes":[{"node":"2","name":"node-2","version":"1.7"}]}]
            """),
        list.get("system"));
  }

  /** A node that could not look does not differ. */
  @Test
  void whereTheyDoNotNobodyIs() {
    var same = Map.of(PackageKind.NPM, List.of(JQ));
    var list = PackageJson.list(List.of(node("1", same), node("2", same), node("3", Map.of())));
    assertFalse(list.at("/npm/0").has("nodes"));
  }

  @Test
  void namesAreSortedOverAllNodes() {
    var list =
        PackageJson.list(
            List.of(
                node("1", Map.of(PackageKind.PIP, List.of(JQ))),
                node("2", Map.of(PackageKind.PIP, List.of(CURL)))));
    assertEquals(
        List.of("curl", "jq"),
        list.get("pip").findValuesAsText("name").stream()
            .filter(name -> !name.startsWith("node-"))
            .toList());
  }

  @Test
  void itSaysHowFarEachNodeIs() throws IOException {
    var failure = new PackageStatus.Failure(FailureCode.NOT_FOUND, "no such thing");
    var status =
        new PackageStatus(
            new PackageRef(PackageKind.PIP, "nope"), 4, State.FAILED, Optional.of(failure));
    var node = new NodePackages("1", "one", Map.of(), List.of(), List.of(status), Instant.EPOCH);
    assertEquals(
        json(
            """
            [{"node":"1","name":"one","statuses":[
              {"package":"pip:nope","state":"failed","code":"not_found","error":"no such thing"}]}]
            """),
        PackageJson.list(List.of(node)).get("nodes"));
  }

  private static LanguageRuntime there(String name, String version) {
    return new LanguageRuntime(name, true, version);
  }

  private static LanguageRuntime missing(String name) {
    return new LanguageRuntime(name, false, "");
  }

  @Test
  void aRuntimeIsThereIfAllThatReportHaveIt() throws IOException {
    var runtimes =
        PackageJson.runtimes(
            List.of(
                node("0"),
                node("1", there("python3", "Python 3.11"), there("pip3", ""), there("node", "v20")),
                node("2", there("python3", "Python 3.12"), there("pip3", "x"), missing("node"))));
    assertEquals(
        json(
            """
            [{"name":"python3","available":true,"version":"Python 3.11"},
             {"name":"pip3","available":true},
             {"name":"node","available":false},
             {"name":"npm","available":false},
             {"name":"pkg-helper","available":false}]
            """),
        runtimes.get("runtimes"));
    assertTrue(runtimes.get("python").asBoolean());
    assertFalse(runtimes.get("node").asBoolean(true));
    assertTrue(runtimes.get("ready").asBoolean());
    assertEquals(2, runtimes.get("nodes").size());
    assertEquals("node-2", runtimes.at("/nodes/1/name").asText());
    assertEquals(
        json("{\"name\":\"node\",\"available\":false}"), runtimes.at("/nodes/1/runtimes/2"));
  }

  @Test
  void pythonAloneIsNotReady() {
    ObjectNode runtimes =
        PackageJson.runtimes(List.of(node("1", there("python3", "3"), missing("pip3"))));
    assertFalse(runtimes.get("ready").asBoolean(true));
  }

  @Test
  void whereNobodyReportsThereIsNone() {
    var runtimes = PackageJson.runtimes(List.of());
    assertEquals(LanguageRuntime.NAMES, runtimes.get("runtimes").findValuesAsText("name"));
    assertFalse(runtimes.get("ready").asBoolean(true));
  }
}
