package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.Apt;
import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.PackageName;
import clawster.packages.Programs;
import clawster.packages.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's own package manager, as root, with a package that nobody misses. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("apt")
@Timeout(300)
final class RealAptTest {

  private static final Apt APT = new Apt();
  private static final PackageName HELLO = new PackageName(APT.names(), "hello");

  @TempDir private Path place;

  @BeforeEach
  void assumeDebianAndRoot() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/apt-get"))
            && Files.isExecutable(Path.of("/usr/bin/dpkg")),
        "NOT TRIED: there is no apt here");
    assumeTrue(
        (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
        "NOT TRIED: only root installs packages");
  }

  private record Said(int code, String text) {}

  private static Said run(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private static boolean isInstalled() throws Exception {
    return run(APT.listInstalled())
        .text()
        .lines()
        .flatMap(line -> APT.installed(line).stream())
        .anyMatch(state -> state.name().equals(HELLO.text()));
  }

  private Request request(String action) {
    return new Request(action, "hello", true);
  }

  private static void assumeHelloCanCome() throws Exception {
    assumeTrue(!isInstalled(), "NOT TRIED: hello is installed here, and not ours to remove");
    assumeTrue(
        run(List.of("apt-get", "-qq", "--download-only", "install", "hello")).code() == 0,
        "NOT TRIED: no mirror has hello for us");
  }

  @Test
  void aPackageComesAndGoes() throws Exception {
    assumeHelloCanCome();
    try (var daemon = RunningDaemon.start(place, 0, 0)) {
      assertTrue(daemon.said().contains("\"manager\":\"apt\""), daemon.said());
      var installed = daemon.ask(request("install"));
      assertTrue(isInstalled(), installed::toString);
      assertInstanceOf(Outcome.Done.class, installed);
      assertEquals(installed, daemon.ask(new Request("list", "", false)));
      for (var ours : List.of("apt", "libc6", "dpkg")) {
        var refused = daemon.ask(new Request("uninstall", ours, false));
        assertEquals(
            FailureCode.PERMISSION, assertInstanceOf(Outcome.Failed.class, refused).code());
      }
      assertInstanceOf(Outcome.Done.class, daemon.ask(request("uninstall")));
    } finally {
      run(List.of("dpkg", "--purge", "hello"));
    }
    assertFalse(isInstalled());
  }

  @Test
  void whatNoIndexKnowsIsNotFound() throws Exception {
    try (var daemon = RunningDaemon.start(place, 0, 0)) {
      var none = daemon.ask(new Request("install", "no-such-package-at-all", false));
      var code = assertInstanceOf(Outcome.Failed.class, none).code();
      assumeTrue(code != FailureCode.NETWORK, "NOT TRIED: an index cannot be asked for");
      assertEquals(FailureCode.NOT_FOUND, code);
    }
  }

  /**
   * In the middle of it: then {@code dpkg} has gone on, or has stopped, and the list says which.
   */
  @Test
  void aKilledHelperLeavesNothingHalfDone() throws Exception {
    assumeHelloCanCome();
    try (var first = RunningDaemon.start(place, 0, 0)) {
      try (var channel = first.connect()) {
        RunningDaemon.send(
            channel, "{\"action\":\"install\",\"package\":\"hello\",\"progress\":true}\n");
        var line = RunningDaemon.line(channel);
        while (line.startsWith("{\"progress\"") && !line.contains("Unpacking")) {
          line = RunningDaemon.line(channel);
        }
        assertTrue(line.contains("Unpacking"), line);
        first.process().destroyForcibly().waitFor();
      }
      try (var second = RunningDaemon.start(place, 0, 0)) {
        second.awaitSaid("\"event\":\"reconciled\"");
        assertEquals("", run(List.of("dpkg", "--audit")).text());
        var listed = second.ask(new Request("list", "", false));
        assertEquals(
            isInstalled(), !assertInstanceOf(Outcome.Done.class, listed).packages().isEmpty());
        assertInstanceOf(Outcome.Done.class, second.ask(request("uninstall")));
      }
    } finally {
      run(List.of("dpkg", "--purge", "hello"));
    }
  }

  /** Names that pass and would mean something else to a careless caller. */
  @ParameterizedTest
  @ValueSource(strings = {"hell.+", "sl+", "hello+", "lib.+", "ba.h", "bash+", "libc.", "tzdat."})
  void noNameMeansMoreThanItself(String text) throws Exception {
    var name = PackageName.of(APT.names(), text).orElseThrow();
    var simulated = new ArrayList<>(APT.install(name));
    simulated.addAll(1, List.of("--simulate", "-o", "Debug::NoLocking=true"));
    var said = run(simulated);
    assertTrue(said.code() != 0, said::text);
    assertFalse(said.text().contains("\nInst "), said::text);
    assertFalse(said.text().contains("\nRemv "), said::text);
    var removed = new ArrayList<>(APT.uninstall(name));
    removed.add(1, "--dry-run");
    assertFalse(run(removed).text().contains("Removing"), text);
  }

  /** Given to an installation, it would bring a mail server that nobody has named. */
  @Test
  void aNameThatOthersProvideIsRefusedBeforeAnythingBegins() throws Exception {
    var name = new PackageName(APT.names(), "default-mta");
    var simulated = new ArrayList<>(APT.install(name));
    simulated.addAll(1, List.of("--simulate", "-o", "Debug::NoLocking=true"));
    assumeTrue(
        run(simulated).text().contains("\nInst "), "NOT TRIED: no index knows a mail server");
    var machine =
        new Machine(
            APT,
            new Programs(List.of(Path.of("/usr/bin"), Path.of("/bin")), APT.environment()),
            Duration.ofSeconds(20));
    var refused = assertThrows(Stop.class, () -> machine.mustHaveItself(name));
    assertEquals(FailureCode.NOT_FOUND, refused.reply().code());
    machine.mustHaveItself(HELLO);
    assertEquals(
        Optional.empty(), machine.state(new PackageName(APT.names(), "nonsuch")).installed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"g++", "python3.11", "hello"})
  void namesOfThatKindAreFound(String text) throws Exception {
    var simulated = new ArrayList<>(APT.install(new PackageName(APT.names(), text)));
    simulated.addAll(1, List.of("--simulate", "-o", "Debug::NoLocking=true"));
    var said = run(simulated);
    assumeTrue(
        !said.text().contains("Unable to locate package"), "NOT TRIED: no index knows " + text);
    assertEquals(0, said.code(), said::text);
  }
}
