package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Operation;
import clawster.runtime.identity.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What containers are made and run with, against what the program expects. No container engine is
 * needed, and none says that it works.
 */
final class DeployFilesTest {

  private static final Path DEPLOY = Path.of("deploy");
  private static final Path ROOT = Path.of("..");

  /** Variables of ours that a settings file cannot set. */
  private static final Set<String> WITHOUT_KEY =
      Set.of("CLAWSTER_DATA", "CLAWSTER_JAVA_OPTS", "CLAWSTER_ALLOW_INSECURE_NO_AUTH");

  private static final Pattern OURS =
      Pattern.compile("\\b(?:CLAWSTER|OPENAI|ANTHROPIC)_[A-Z_]+\\b");

  static List<Path> yaml() throws IOException {
    try (var files = Files.walk(DEPLOY)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  static List<Path> all() throws IOException {
    try (var files = Files.walk(DEPLOY)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String name) {
    return text(DEPLOY.resolve(name));
  }

  private static List<Object> documents(Path file) {
    var documents = new ArrayList<>();
    new Yaml().loadAll(text(file)).forEach(documents::add);
    return documents;
  }

  /** Everything under a key of that name, however deep. */
  private static Stream<Object> every(String key, Object in) {
    return switch (in) {
      case Map<?, ?> map ->
          Stream.concat(
              Stream.ofNullable(map.get(key)), map.values().stream().flatMap(v -> every(key, v)));
      case List<?> list -> list.stream().flatMap(each -> every(key, each));
      case null, default -> Stream.empty();
    };
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static Map<?, ?> kubernetes(String kind) throws IOException {
    return yaml().stream()
        .filter(file -> file.startsWith(DEPLOY.resolve("kubernetes")))
        .flatMap(file -> documents(file).stream())
        .map(DeployFilesTest::map)
        .filter(document -> kind.equals(document.get("kind")))
        .findFirst()
        .orElseThrow();
  }

  private static Object at(Object in, String path) {
    var value = in;
    for (var key : path.split("/")) {
      value = value instanceof List<?> list ? list.get(Integer.parseInt(key)) : map(value).get(key);
    }
    return Objects.requireNonNull(value, path);
  }

  private static Map<?, ?> services() {
    return map(at(documents(DEPLOY.resolve("compose.yaml")).getFirst(), "services"));
  }

  /** Those that run the program. */
  private static Map<String, Map<?, ?>> nodes() {
    return services().entrySet().stream()
        .filter(service -> service.getKey().toString().startsWith("node-"))
        .collect(Collectors.toMap(e -> e.getKey().toString(), e -> map(e.getValue())));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everySettingIsOneOfOurs(Path file) {
    var known = new HashSet<>(ConfigFile.KEYS.values());
    known.addAll(WITHOUT_KEY);
    if (file.endsWith("entrypoint.sh")) {
      known.addAll(Set.of("CLAWSTER_PROGRAM", "CLAWSTER_PACKAGES", "CLAWSTER_PACKAGE_SOCKET"));
    }
    var used =
        OURS.matcher(text(file))
            .results()
            .map(r -> r.group())
            .collect(Collectors.toCollection(TreeSet::new));
    used.removeAll(known);
    assertEquals(Set.of(), used);
  }

  @ParameterizedTest
  @MethodSource("yaml")
  void imagesHaveAVersion(Path file) {
    for (var document : documents(file)) {
      every("image", document).forEach(image -> assertVersion(image.toString()));
    }
  }

  @Test
  void whatTheImageIsMadeFromHasAVersionAndIsThere() {
    var bases = Pattern.compile("(?m)^FROM (\\S+)").matcher(text("Dockerfile")).results().toList();
    assertEquals(3, bases.size());
    bases.forEach(base -> assertVersion(base.group(1)));
    var copies =
        Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )?(.+) \\S+$").matcher(text("Dockerfile"));
    var names = copies.results().flatMap(copy -> Stream.of(copy.group(1).split(" "))).toList();
    assertTrue(names.size() > 5, names.toString());
    for (var name : names) {
      assertTrue(Files.exists(ROOT.resolve(name)), name);
    }
  }

  private static void assertVersion(String image) {
    assertTrue(image.matches("[a-z-]+:\\d[\\w.-]*"), image);
  }

  @Test
  void theModulesTheImageIsBuiltFromAreAllOfThem() {
    var modules = Pattern.compile("<module>(.+)</module>").matcher(text(ROOT.resolve("pom.xml")));
    modules
        .results()
        .map(module -> module.group(1))
        .forEach(m -> assertTrue(text("Dockerfile").contains("COPY %1$s %1$s\n".formatted(m)), m));
  }

  /** A path that nobody serves, or one that wants a token, would never be healthy. */
  @Test
  void probesAskForWhatIsServedToEverybody() throws IOException {
    var open =
        Served.operations().stream()
            .filter(operation -> operation.access() == Access.PUBLIC)
            .map(Operation::path)
            .collect(Collectors.toSet());
    var asked = new ArrayList<String>();
    every("httpGet", kubernetes("StatefulSet"))
        .forEach(get -> asked.add(at(get, "path").toString()));
    assertEquals(3, asked.size());
    Pattern.compile("http://localhost:18790(/[a-z]+)|uri (/[a-z]+)")
        .matcher(text("Dockerfile") + text("haproxy.cfg"))
        .results()
        .forEach(found -> asked.add(found.group(1) == null ? found.group(2) : found.group(1)));
    assertEquals(5, asked.size());
    assertTrue(open.containsAll(asked), asked.toString());
  }

  @Test
  void readinessAndLivenessAskDifferentThings() throws IOException {
    var container = at(kubernetes("StatefulSet"), "spec/template/spec/containers/0");
    assertEquals("/ready", at(container, "readinessProbe/httpGet/path"));
    assertEquals("/health", at(container, "livenessProbe/httpGet/path"));
    assertEquals("/health", at(container, "startupProbe/httpGet/path"));
    every("httpGet", container)
        .forEach(get -> assertEquals("localhost", at(get, "httpHeaders/0/value"), "else 421"));
  }

  @Test
  void nobodyIsKilledWhileItDrains() throws IOException {
    var pod = at(kubernetes("StatefulSet"), "spec/template/spec");
    var preStop = at(pod, "containers/0/lifecycle/preStop/exec/command/1");
    var left = seconds(at(pod, "terminationGracePeriodSeconds")).minus(seconds(preStop));
    assertTrue(left.compareTo(Drain.ANSWERS.plusSeconds(5)) >= 0, left.toString());
    for (var node : nodes().values()) {
      var grace = seconds(node.get("stop_grace_period"));
      assertTrue(grace.compareTo(Drain.ANSWERS.plusSeconds(5)) >= 0, grace.toString());
    }
  }

  private static Duration seconds(Object value) {
    return Duration.ofSeconds(Long.parseLong(value.toString().replace("s", "")));
  }

  @Test
  void oneNodeGoesAtATime() throws IOException {
    assertEquals(1, at(kubernetes("PodDisruptionBudget"), "spec/maxUnavailable"));
    assertEquals(
        1, at(kubernetes("StatefulSet"), "spec/updateStrategy/rollingUpdate/maxUnavailable"));
  }

  @Test
  void nodesHaveNoMorePrivilegesThanTheyNeed() throws IOException {
    for (var file : yaml()) {
      for (var document : documents(file)) {
        assertTrue(every("privileged", document).noneMatch(Boolean.TRUE::equals), file::toString);
        assertTrue(every("hostNetwork", document).findAny().isEmpty(), file::toString);
        assertTrue(every("hostPath", document).findAny().isEmpty(), file::toString);
      }
      assertFalse(text(file).contains("docker.sock"), file.toString());
    }
    var pod = at(kubernetes("StatefulSet"), "spec/template/spec");
    assertEquals(false, at(pod, "automountServiceAccountToken"));
    assertEquals(true, at(pod, "securityContext/runAsNonRoot"));
    assertEquals(1000, at(pod, "securityContext/runAsUser"));
    assertEquals(true, at(pod, "containers/0/securityContext/readOnlyRootFilesystem"));
    assertEquals(false, at(pod, "containers/0/securityContext/allowPrivilegeEscalation"));
    assertEquals("ALL", at(pod, "containers/0/securityContext/capabilities/drop/0"));
    nodes().values().forEach(node -> assertEquals(List.of("ALL"), node.get("cap_drop")));
    // Without FSETID set-group-id bits of what is unpacked are lost in silence; without KILL the
    // helper could not stop what a package manager runs as somebody else.
    for (var node : nodes().values()) {
      var kept = (List<?>) node.get("cap_add");
      assertTrue(kept.containsAll(List.of("FSETID", "KILL")), kept::toString);
      assertFalse(kept.contains("SYS_ADMIN"), kept::toString);
    }
  }

  /** A patch that names what is not there would add it. */
  @Test
  void withPackagesPodsHaveWhatComposeGivesNodesAndNoMore() throws IOException {
    var patch = documents(DEPLOY.resolve("kubernetes-packages/nodes.yaml")).getFirst();
    var pod = at(kubernetes("StatefulSet"), "spec/template/spec");
    var patched = at(patch, "spec/template/spec");
    for (var name : List.of("kind", "metadata/name")) {
      assertEquals(at(kubernetes("StatefulSet"), name), at(patch, name));
    }
    assertEquals(at(pod, "containers/0/name"), at(patched, "containers/0/name"));
    assertEquals(
        at(pod, "securityContext/runAsUser"),
        1000,
        "the entrypoint drops root to the number that pods have without packages");
    for (var node : nodes().values()) {
      assertEquals(
          node.get("cap_add"), at(patched, "containers/0/securityContext/capabilities/add"));
    }
    assertTrue(
        text("Dockerfile")
            .contains(at(patched, "containers/0/volumeMounts/0/mountPath").toString()));
    assertEquals(at(patched, "containers/0/volumeMounts/0/name"), at(patched, "volumes/0/name"));
    assertEquals(
        "baseline",
        map(at(
                documents(DEPLOY.resolve("kubernetes-packages/namespace.yaml")).getFirst(),
                "metadata/labels"))
            .get("pod-security.kubernetes.io/enforce"));
  }

  /** What every container of the manifests says of itself, read as settings. */
  @Test
  void theirEnvironmentsAreSettings() throws IOException {
    assertEquals(Set.of("node-1", "node-2", "node-3"), nodes().keySet());
    for (var node : nodes().entrySet()) {
      var environment = strings(map(node.getValue().get("environment")));
      assertEquals(node.getKey(), environment.get("CLAWSTER_CLUSTER_HOST"));
      var settings = read(environment);
      assertEquals(25520, settings.cluster().advertised().port());
      assertEquals(
          "/certificates/" + node.getKey() + ".pem",
          settings.cluster().tls().orElseThrow().certificate().toString());
    }
    var environment = strings(map(at(kubernetes("ConfigMap"), "data")));
    for (var entry :
        (List<?>) at(kubernetes("StatefulSet"), "spec/template/spec/containers/0/env")) {
      if (map(entry).containsKey("value")) {
        environment.put(
            at(entry, "name").toString(),
            at(entry, "value")
                .toString()
                .replace("$(POD_NAME)", "clawster-0")
                .replace("$(POD_IP)", "10.1.2.3"));
      }
    }
    environment.put("CLAWSTER_DATABASE_URL", "postgres://clawster:secret@postgres/clawster");
    environment.put("CLAWSTER_GATEWAY_TOKEN", "secret");
    var cluster = read(environment).cluster();
    assertEquals("clawster-0.clawster-nodes:25520", cluster.advertised().toString());
    assertEquals("10.1.2.3:25520", cluster.bind().orElseThrow().toString());
    assertTrue(
        text("kubernetes/secret.example.yaml").contains(cluster.advertised().host() + ","),
        "certificates are made for these names");
  }

  private static Map<String, String> strings(Map<?, ?> map) {
    return map.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().toString(), e -> e.getValue().toString()));
  }

  /** As compose would fill in what comes from .env. */
  private static Settings read(Map<String, String> environment) {
    var filled =
        environment.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e ->
                        e.getValue()
                            .replaceAll("\\$\\{\\w+:\\?[^}]*}", "secret")
                            .replaceAll("\\$\\{\\w+:-}", "")));
    return Settings.read("0.0.0.0", Settings.port(filled), Path.of("unused"), filled);
  }

  @Test
  void portsAreThoseOfTheNode() throws IOException {
    var container = at(kubernetes("StatefulSet"), "spec/template/spec/containers/0");
    assertEquals(Settings.DEFAULT_PORT, at(container, "ports/0/containerPort"));
    assertEquals(25520, at(container, "ports/1/containerPort"));
    assertTrue(text("Dockerfile").contains("EXPOSE 18790 25520\n"));
    for (var node : nodes().keySet()) {
      assertTrue(
          text("haproxy.cfg")
              .contains("server %1$s %1$s:%2$d\n".formatted(node, Settings.DEFAULT_PORT)));
    }
  }

  /** Else a message whose outcome nobody knows would become several runs. */
  @Test
  void theProxyRepeatsOnlyWhatMayBeSentTwice() {
    var rules =
        text("haproxy.cfg")
            .lines()
            .map(String::strip)
            .filter(line -> !line.startsWith("#") && line.contains("retr"))
            .toList();
    assertEquals(
        List.of(
            "resolve_retries 3",
            "retries 3",
            "retry-on conn-failure 503",
            "http-request disable-l7-retry unless METH_GET or METH_OPTIONS"
                + " or METH_POST { req.hdr(idempotency-key) -m found }",
            "http-request disable-l7-retry if { req.body_size gt 12000 }"),
        rules);
  }

  @Test
  void allNodesSeeOneWorkspace() throws IOException {
    for (var node : nodes().values()) {
      assertTrue(
          ((List<?>) node.get("volumes")).contains("workspaces:/var/lib/clawster-workspaces"));
    }
    assertTrue(text("Dockerfile").contains("CLAWSTER_WORKSPACES=/var/lib/clawster-workspaces\n"));
    assertEquals(
        List.of("ReadWriteMany"), at(kubernetes("PersistentVolumeClaim"), "spec/accessModes"));
  }

  @Test
  void noSecretIsWrittenDown() {
    assertTrue(
        Pattern.compile("(?m)^(\\w*(?:TOKEN|PASSWORD|KEY))=(.+)$")
            .matcher(text(".env.example"))
            .results()
            .findAny()
            .isEmpty());
    assertTrue(
        every("stringData", documents(DEPLOY.resolve("kubernetes/secret.example.yaml")).getFirst())
            .flatMap(data -> map(data).values().stream())
            .allMatch(""::equals));
    assertFalse(text("Dockerfile").matches("(?s).*(TOKEN|PASSWORD|API_KEY).*"));
  }

  @Test
  void kustomizationListsWhatIsThere() throws IOException {
    var listed =
        ((List<?>) at(kubernetes("Kustomization"), "resources"))
            .stream().map(Object::toString).collect(Collectors.toSet());
    try (var files = Files.list(DEPLOY.resolve("kubernetes"))) {
      var there =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("kustomization.yaml") && !name.contains(".example."))
              .collect(Collectors.toSet());
      assertEquals(there, listed);
    }
  }
}
