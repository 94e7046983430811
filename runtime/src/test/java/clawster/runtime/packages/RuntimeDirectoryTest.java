package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.FailureCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class RuntimeDirectoryTest {

  private static final NodeEnvironment NODE =
      new NodeEnvironment(
          Map.of("PATH", "/usr/bin:relative::/bin", "PYTHONPATH", "/p", "NODE_PATH", "/n"));
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration AS_LONG = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static final int SOMEBODY = 12_345;

  @TempDir private Path place;

  private RuntimeDirectory open() throws IOException {
    return RuntimeDirectory.open(place.resolve("data/runtime"), NODE);
  }

  @Test
  void itIsMadeForUsAlone() throws IOException {
    var base = open().base();
    for (var directory : List.of(base, base.resolve("pip"), base.resolve("npm-global"))) {
      assertEquals(
          "rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    }
    assertEquals(base, open().base(), "it is found again");
  }

  @Test
  void whatOthersCouldHaveMadeIsRefused() throws IOException {
    var base = open().base();
    var real = Files.createDirectory(place.resolve("real"));
    var link = Files.createSymbolicLink(place.resolve("link"), real);
    assertThrows(IOException.class, () -> RuntimeDirectory.open(link, NODE));
    var file = Files.createFile(place.resolve("file"));
    assertThrows(IOException.class, () -> RuntimeDirectory.open(file, NODE));
    Files.delete(base.resolve("pip"));
    Files.createSymbolicLink(base.resolve("pip"), real);
    assertThrows(IOException.class, this::open);
    Files.delete(base.resolve("pip"));
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(IOException.class, this::open);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwx---"));
    assertEquals(base, open().base(), "a volume's own group is no other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pip", "npm-global", "empty"})
  void whatIsSomebodyElsesIsRefused(String part) throws IOException {
    assumeTrue(
        (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
        "SKIPPED: only root gives files away");
    var theirs = open().base().resolve(part);
    Files.setAttribute(theirs, "unix:uid", SOMEBODY);
    assertThrows(IOException.class, this::open);
    Files.setAttribute(theirs, "unix:uid", 0);
    open();
  }

  @Test
  void toolsAreToldWhereThingsAre() throws IOException {
    var directory = open();
    var base = directory.base().toString();
    var environment = directory.environment();
    assertEquals(
        base + "/npm-global/bin:" + base + "/pip/bin:/usr/bin:/bin", environment.get("PATH"));
    assertEquals(base + "/pip:/p", environment.get("PYTHONPATH"));
    assertEquals(base + "/pip", environment.get("PIP_TARGET"));
    assertEquals(base + "/npm-global", environment.get("NPM_CONFIG_PREFIX"));
    assertEquals(
        "/usr/local/lib/node_modules:" + base + "/npm-global/lib/node_modules:/n",
        environment.get("NODE_PATH"));
    var bare = RuntimeDirectory.open(directory.base(), new NodeEnvironment(Map.of()));
    assertEquals(base + "/pip", bare.environment().get("PYTHONPATH"), "no empty place");
  }

  @Test
  void anEnvironmentDoesNotTellItsSecrets() {
    assertFalse(new NodeEnvironment(Map.of("KEY", "secret")).toString().contains("secret"));
  }

  @Test
  void whatSomebodyLeftIsGone() throws IOException {
    var directory = open();
    var stale = directory.base().resolve("pip-scratch/stage/deep");
    Files.createDirectories(stale);
    var victim = Files.createFile(place.resolve("victim"));
    Files.createSymbolicLink(stale.resolve("link"), place);
    try (var scratch = directory.scratch(PackageKind.PIP);
        var stage = Files.list(scratch.stage())) {
      assertEquals(0, stage.count());
    }
    assertTrue(Files.exists(victim));
    assertFalse(Files.exists(directory.base().resolve("pip-scratch")));
  }

  // --- turns -----------------------------------------------------------------------------------

  @Test
  void oneOfAKindAtATime() throws Exception {
    var directory = open();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = directory.turn(PackageKind.PIP, SHORT).orElseThrow();
      assertEquals(Optional.empty(), open().turn(PackageKind.PIP, SHORT));
      directory.turn(PackageKind.NPM, SHORT).orElseThrow().close();
      var next = CompletableFuture.supplyAsync(() -> turn(directory, LONG), threads);
      first.close();
      next.get().close();
    }
  }

  private static Turn turn(RuntimeDirectory directory, Duration patience) {
    try {
      return directory.turn(PackageKind.PIP, patience).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Another node's, on the same volume. */
  @Test
  void otherProcessesHaveTurnsToo() throws Exception {
    var directory = open();
    try (var other = new Holder(directory)) {
      assertEquals(Optional.empty(), directory.turn(PackageKind.PIP, SHORT));
      var limits = new InstallLimits(LONG, SHORT);
      var ref = Given.spec("pip:a").ref();
      failed(FailureCode.LOCKED, new PipInstaller(directory, limits).uninstall(ref, _ -> {}));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var next = CompletableFuture.supplyAsync(() -> turn(directory, LONG), threads);
        other.end();
        next.get().close();
      }
    }
  }

  @Test
  void whoWasKilledHasNoTurn() throws Exception {
    var directory = open();
    try (var other = new Holder(directory)) {
      other.process.destroyForcibly().onExit().get();
      directory.turn(PackageKind.PIP, LONG).orElseThrow().close();
    }
  }

  /** As all do who install, and not as threads of the system's, which wait in other ways. */
  @Test
  void patienceEndsOnVirtualThreadsToo() throws Exception {
    var directory = open();
    try (var _ = new Holder(directory);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waited = threads.submit(() -> directory.turn(PackageKind.PIP, SHORT));
      assertEquals(Optional.empty(), waited.get());
    }
  }

  @Test
  void whoIsInterruptedStopsWaiting() throws Exception {
    var directory = open();
    var failure = new CompletableFuture<String>();
    try (var _ = new Holder(directory)) {
      var waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      failure.complete("nothing: " + directory.turn(PackageKind.PIP, AS_LONG));
                    } catch (IOException e) {
                      failure.complete(
                          e.getMessage() + " " + Thread.currentThread().isInterrupted());
                    }
                  });
      while (waiting.isAlive() && waiting.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      waiting.interrupt();
      assertEquals("interrupted true", failure.get());
    }
  }

  /** A process that has a turn until it is closed. */
  private static final class Holder implements AutoCloseable {
    private final Process process;

    Holder(RuntimeDirectory directory) throws IOException {
      process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx32m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Holding.class.getName(),
                  directory.base().toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var said = new BufferedReader(new InputStreamReader(process.getInputStream()));
      assertEquals("held", said.readLine());
    }

    void end() throws IOException {
      process.getOutputStream().close();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  static final class Holding {
    public static void main(String... base) throws IOException {
      var directory = new RuntimeDirectory(Path.of(base[0]), NODE);
      try (var _ = directory.turn(PackageKind.PIP, LONG).orElseThrow()) {
        System.out.println("held");
        System.in.read();
      }
    }
  }
}
