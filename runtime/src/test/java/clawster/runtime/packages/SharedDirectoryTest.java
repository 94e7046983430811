package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static clawster.runtime.packages.Given.spec;
import static clawster.runtime.packages.Given.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Several nodes install into one directory, by a pip that is a script: it notes that it runs, and
 * goes on when it is told to.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
final class SharedDirectoryTest {

  private static final String PIP =
      """
      for word; do case $word in --target=*) stage=${word#--target=} ;; esac; done
      echo begins >>PLACE/runs
      echo begins >PLACE/begins
      read word <PLACE/goes-on
      mkdir $stage/pack-1.0.dist-info
      touch $stage/pack.py $stage/pack-1.0.dist-info/METADATA
      echo pack.py,, >$stage/pack-1.0.dist-info/RECORD
      echo ends >>PLACE/runs
      """;

  private static final InstallLimits LIMITS =
      new InstallLimits(Duration.ofSeconds(20), Duration.ofMinutes(1));

  @TempDir private Path place;
  private RuntimeDirectory directory;

  @BeforeEach
  void begin() throws Exception {
    for (var fifo : List.of("begins", "goes-on")) {
      new ProcessBuilder("mkfifo", place.resolve(fifo).toString()).start().waitFor();
    }
    directory = open(Given.scripted(place, "pip3", PIP.replace("PLACE", place.toString())));
  }

  private RuntimeDirectory open(Map<String, String> environment) throws IOException {
    return RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment));
  }

  private Outcome installed(Duration patience) {
    return new PipInstaller(directory, new InstallLimits(LIMITS.operation(), patience))
        .install(spec("pip:pack"), _ -> {});
  }

  /** Returns when somebody's pip has begun. */
  private void awaitBegin() throws Exception {
    inTime(() -> Files.readString(place.resolve("begins")));
  }

  private void goOn() throws Exception {
    inTime(() -> Files.writeString(place.resolve("goes-on"), "on\n", StandardOpenOption.WRITE));
  }

  /** Whoever opens a pipe waits for its other end, and no interruption helps. */
  private static void inTime(Callable<?> work) throws Exception {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    task.get(1, TimeUnit.MINUTES);
  }

  private List<String> runs() throws IOException {
    return Files.readAllLines(place.resolve("runs"));
  }

  private static Thread waiting(Runnable work) {
    var thread = Thread.ofVirtual().start(work);
    while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  /** Else the second would take away what agents of the first use already. */
  @Test
  void whatTwoWantIsInstalledOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> installed(LIMITS.waiting()));
      awaitBegin();
      var second = new FutureTask<>(() -> installed(LIMITS.waiting()));
      waiting(second);
      goOn();
      assertEquals("1.0", version(first.get()));
      assertEquals("1.0", version(second.get()));
    }
    assertEquals(List.of("begins", "ends"), runs());
  }

  /** What is on its way from where it was built is neither missing nor there. */
  @Test
  void whoLooksWaitsUntilAllIsInItsPlace() throws Exception {
    var look = new FutureTask<>(() -> new PipInstaller(directory, LIMITS).list());
    try (var _ = directory.contents(PackageKind.PIP, LIMITS.waiting()).orElseThrow()) {
      waiting(look);
      Files.createFile(Files.createDirectory(info("pack-1.0")).resolve("METADATA"));
    }
    assertEquals(List.of(new InstalledPackage("pack", "1.0")), look.get());
  }

  private Path info(String name) {
    return directory.pip().resolve(name + ".dist-info");
  }

  /** Killed with its machine's kill, it cannot end what it began: that works on by itself. */
  @Test
  void nobodyWorksBesideWhatAKilledNodeLeft() throws Exception {
    var node = Installing.in(directory);
    try {
      awaitBegin();
    } finally {
      node.destroyForcibly().onExit().get();
    }
    var stage = directory.base().resolve("pip-scratch/stage");
    failed(FailureCode.LOCKED, installed(Duration.ofMillis(300)));
    assertEquals(List.of("begins"), runs());
    assertTrue(Files.isDirectory(stage), "where it works is left to it");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var next = threads.submit(() -> installed(LIMITS.waiting()));
      goOn();
      awaitBegin();
      goOn();
      assertEquals("1.0", version(next.get()));
    }
    assertEquals(List.of("begins", "ends", "begins", "ends"), runs());
  }

  /** A node that installs, in a process of its own. */
  static final class Installing {
    static Process in(RuntimeDirectory directory) throws IOException {
      return new ProcessBuilder(
              ProcessHandle.current().info().command().orElseThrow(),
              "-Xmx32m",
              "-cp",
              System.getProperty("java.class.path"),
              Installing.class.getName(),
              directory.base().toString(),
              directory.node().get("PATH").orElseThrow())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    }

    public static void main(String... told) throws IOException {
      var node = new NodeEnvironment(Map.of("PATH", told[1]));
      var directory = RuntimeDirectory.open(Path.of(told[0]), node);
      new PipInstaller(directory, LIMITS).install(spec("pip:pack"), _ -> {});
    }
  }
}
