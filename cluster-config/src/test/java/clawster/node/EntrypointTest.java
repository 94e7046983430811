package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.stories.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container's entrypoint, with a stub of {@code ./clawster} behind it and no container. */
@Timeout(60)
final class EntrypointTest {

  private static final Path SCRIPT = Path.of("deploy", "entrypoint.sh").toAbsolutePath();

  /**
   * Says who it is, and waits to be told to end; as the package helper it leaves that in a file.
   */
  private static final String STUB =
      """
      #!/bin/sh
      if [ "$1" = helper ]; then
        shift
        place=$(dirname "$0")
        env | sort >"$place/helper.environment"
        echo "$(id -u) $*" >"$place/helper"
        exit
      fi
      echo "pid $$"
      echo "arguments $*"
      echo "home $HOME"
      grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):' /proc/self/status
      trap 'echo stopped; exit 42' TERM
      echo ready
      while :; do sleep 0.05; done
      """;

  private Path place;

  @BeforeEach
  void prepare() throws IOException {
    place = Files.createTempDirectory(Path.of("/tmp"), "clawster-entrypoint-");
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    executable("clawster", STUB);
    Files.copy(SCRIPT, place.resolve("entrypoint.sh"));
    Files.setPosixFilePermissions(
        place.resolve("entrypoint.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(place.resolve("volume/data/deep"));
    Files.createDirectories(place.resolve("workspaces/agent"));
  }

  private void executable(String name, String text) throws IOException {
    Files.setPosixFilePermissions(
        Files.writeString(place.resolve(name), text), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void clear() {
    Await.until("nothing is left", this::isCleared);
  }

  /** The helper goes on when the program has ended, and may still put something there. */
  private boolean isCleared() {
    try (var files = Files.walk(place)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRoot() throws IOException {
    return Files.exists(Path.of("/proc/self/status"))
        && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  private static void assumeRootWithSetpriv() throws IOException {
    assumeTrue(isRoot(), "only root on Linux has privileges to drop");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv here");
  }

  private record Told(int code, String said, long pid) {

    String field(String name) {
      var line = Pattern.compile("(?m)^" + name + ":?[ \\t]*(.*)$").matcher(said);
      assertTrue(line.find(), said);
      return line.group(1).strip().replaceAll("\\s+", " ");
    }
  }

  /** Runs it until its program is ready, then tells the process that was started to stop. */
  private Told run(String... before) throws Exception {
    return run(place.resolve("workspaces").toString(), before);
  }

  private Told run(String workspaces, String[] before) throws Exception {
    var command = new ArrayList<>(List.of(before));
    command.addAll(List.of(place.resolve("entrypoint.sh").toString(), "up", "--port", "1 2"));
    var said = place.resolve("said");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                "/usr/sbin:/usr/bin:/sbin:/bin",
                "CLAWSTER_PROGRAM",
                place.resolve("clawster").toString(),
                "CLAWSTER_DATA",
                place.resolve("volume/data").toString(),
                "CLAWSTER_WORKSPACES",
                workspaces,
                "CLAWSTER_GATEWAY_TOKEN",
                "secret",
                "JAVA_TOOL_OPTIONS",
                "-Dof=others",
                "CLAWSTER_PACKAGE_SOCKET",
                "/run/a b/s",
                "CLAWSTER_PACKAGES",
                place.resolve("packages").toString()));
    var process = builder.redirectOutput(said.toFile()).start();
    try {
      Await.until("it is ready", () -> !process.isAlive() || read(said).contains("ready"));
      tellToStop(process, before);
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it hears SIGTERM");
      return new Told(process.exitValue(), Files.readString(said), process.pid());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Unshare stays in between, and hears nothing. */
  private static void tellToStop(Process process, String... before) {
    if (List.of(before).contains("unshare")) {
      process.children().forEach(ProcessHandle::destroy);
    } else {
      process.destroy();
    }
  }

  private int owner(String name) throws IOException {
    return (Integer) Files.getAttribute(place.resolve(name), "unix:uid");
  }

  @Test
  void itIsAScriptThatCanRun() throws Exception {
    assertTrue(Files.isExecutable(SCRIPT));
    var check = new ProcessBuilder("sh", "-n", SCRIPT.toString()).inheritIO().start();
    assertEquals(0, check.waitFor());
  }

  @Test
  void rootBecomesTheServiceAndKeepsNothing() throws Exception {
    assumeRootWithSetpriv();
    var told = run();
    assertEquals("1000 1000 1000 1000", told.field("Uid"));
    assertEquals("1000 1000 1000 1000", told.field("Gid"));
    assertEquals("", told.field("Groups"));
    for (var set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      assertEquals("0000000000000000", told.field(set), set);
    }
    assertEquals("1", told.field("NoNewPrivs"));
    assertEquals(place.resolve("volume/data").toString(), told.field("home"));
  }

  @Test
  void onlyThePackageHelperStaysRoot() throws Exception {
    assumeRootWithSetpriv();
    run();
    var helper = place.resolve("helper");
    Await.until("it is there", () -> read(helper).endsWith("\n"));
    assertEquals(
        "0 --user 1000 --group 1000 --memory " + place.resolve("packages") + "\n",
        Files.readString(helper));
    assertEquals(
        List.of("CLAWSTER_PACKAGE_SOCKET=/run/a b/s", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
        Files.readAllLines(place.resolve("helper.environment")).stream()
            .filter(line -> !line.matches("(PWD|OLDPWD|SHLVL|_)=.*"))
            .toList());
    assertEquals(0, owner("packages"));
    assertEquals(
        "rwxr-x---",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("packages"))));
  }

  @Test
  void itOwnsItsVolumesAndNothingElse() throws Exception {
    assumeRootWithSetpriv();
    var outside = Files.createDirectories(place.resolve("outside"));
    Files.createSymbolicLink(place.resolve("workspaces/agent/link"), outside);
    run();
    for (var ours : List.of("volume/data", "volume/data/deep", "workspaces", "workspaces/agent")) {
      assertEquals(1000, owner(ours), ours);
    }
    assertEquals(0, owner("outside"));
    assertEquals(0, owner("clawster"));
  }

  /** The service may have put it there, in a volume of its own, to be given what is behind it. */
  @ParameterizedTest
  @ValueSource(
      strings = {"link", "link/", "link//", "link/in", "link/in/", "nowhere", "nowhere/in"})
  void itGivesNothingAwayThroughALink(String name) throws Exception {
    assumeRootWithSetpriv();
    Files.createDirectories(place.resolve("outside/in"));
    Files.createSymbolicLink(place.resolve("link"), place.resolve("outside"));
    Files.createSymbolicLink(place.resolve("nowhere"), place.resolve("gone"));
    var told = run(place + "/" + name, new String[0]);
    assertEquals("1000 1000 1000 1000", told.field("Uid"), "and it starts all the same");
    assertEquals(0, owner("outside"));
    assertEquals(0, owner("outside/in"));
    assertFalse(Files.exists(place.resolve("gone")));
    assertTrue(told.said().contains(name + " is not the name of a directory itself"), told.said());
  }

  @Test
  void aSlashAtTheEndIsNothing() throws Exception {
    assumeRootWithSetpriv();
    run(place + "/workspaces//", new String[0]);
    assertEquals(1000, owner("workspaces/agent"));
  }

  @Test
  void argumentsAndSignalsArrive() throws Exception {
    var told = run();
    assertEquals("up --port 1 2", told.field("arguments"));
    assertEquals(String.valueOf(told.pid()), told.field("pid"), "no shell stays in between");
    assertTrue(told.said().contains("stopped"), told.said());
    assertEquals(42, told.code());
  }

  @Test
  void anybodyElseJustBecomesTheProgram() throws Exception {
    assumeRootWithSetpriv();
    Files.writeString(place.resolve("said"), "");
    var told = run("setpriv", "--reuid=1234", "--regid=1234", "--clear-groups");
    assertEquals("1234 1234 1234 1234", told.field("Uid"));
    assertEquals("up --port 1 2", told.field("arguments"));
    assertEquals(0, owner("workspaces"), "it could not, and did not try");
    assertEquals(42, told.code());
  }

  /** In a container of its own processes it is the first, and has tini between. */
  @Test
  void asProcessOneItHasSomebodyToBuryOrphans() throws Exception {
    assumeRootWithSetpriv();
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "there is no unshare here");
    executable("tini", "#!/bin/sh\necho \"tini $$ for $*\"\nshift\nexec \"$@\"\n");
    var told =
        run(
            "env",
            "PATH=" + place + ":/usr/sbin:/usr/bin:/sbin:/bin",
            "unshare",
            "--pid",
            "--fork",
            "--kill-child=TERM",
            "--mount-proc");
    assertTrue(
        told.said().contains("tini 1 for -- " + place.resolve("clawster") + " up"), told.said());
    assertEquals("1000 1000 1000 1000", told.field("Uid"));
  }
}
