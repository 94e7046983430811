package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.Action;
import clawster.packages.Outcome;
import clawster.packages.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The helper under its parent. */
@Timeout(120)
final class KeepTest {

  private static final Path KEEP = Path.of("keep").toAbsolutePath();

  @TempDir private Path place;

  private static int id(String which) throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + which);
  }

  private static long starts(RunningDaemon daemon) throws IOException {
    return Pattern.compile("\"event\":\"started\"").matcher(daemon.said()).results().count();
  }

  @Test
  void itCanRun() {
    assertTrue(Files.isExecutable(KEEP));
  }

  @Test
  void aHelperThatIsKilledComesBack() throws Exception {
    var apk = ScriptedApk.in(place);
    var command = new ArrayList<>(List.of(KEEP.toString()));
    command.addAll(
        RunningDaemon.command(
            place, id("uid"), id("gid"), "--path", apk.path().getFirst().toString()));
    try (var daemon = RunningDaemon.running(place, command)) {
      daemon.process().children().forEach(ProcessHandle::destroyForcibly);
      Await.until("a second start", () -> starts(daemon) == 2);
      assertInstanceOf(Outcome.Done.class, daemon.ask(Request.of(Action.LIST)));
      daemon.process().destroy();
      assertTrue(daemon.process().waitFor(20, TimeUnit.SECONDS), "it hears SIGTERM");
      assertEquals(0, daemon.process().exitValue());
      assertFalse(Files.exists(daemon.socket()), "and so did the helper");
    }
  }

  /** The socket is for nobody else from the first moment on, before anybody sets its mode. */
  @Test
  void whatIsMadeUnderItIsForItsOwnerAndGroup() throws Exception {
    var mode = place.resolve("mode");
    var process =
        new ProcessBuilder(
                KEEP.toString(),
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                JustBound.class.getName(),
                place.resolve("s").toString(),
                mode.toString())
            .inheritIO()
            .start();
    try {
      Await.until("a mode", () -> Files.exists(mode) && Files.readString(mode).endsWith("\n"));
      assertEquals("rw-rw----", Files.readString(mode).strip());
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }

  /** As root no limit counts, so it is somebody else, who may have no process, and then may. */
  @Test
  void withoutProcessesItWaitsForBetterTimes() throws Exception {
    assumeTrue(id("uid") == 0, "NOT TRIED: only root can be somebody else");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setpriv"))
            && Files.isExecutable(Path.of("/usr/bin/prlimit")),
        "NOT TRIED: there is no setpriv or no prlimit here");
    var keep = place.resolve("keep");
    Script.write(keep, Files.readString(KEEP));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    var said = place.resolve("said");
    var process =
        new ProcessBuilder(
                somebody("--nproc=1:100", keep.toString(), "touch", "" + place.resolve("trace")))
            .redirectError(said.toFile())
            .start();
    try {
      Await.until(
          "a second try",
          () -> !process.isAlive() || Files.readString(said).split("fork", -1).length > 2);
      assertTrue(process.isAlive(), "it does not give up");
      assertFalse(Files.exists(place.resolve("trace")));
      var raise = somebody("--pid", String.valueOf(process.pid()), "--nproc=100:100");
      assertEquals(0, new ProcessBuilder(raise).inheritIO().start().waitFor());
      Await.until("it starts", () -> Files.exists(place.resolve("trace")));
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it hears SIGTERM all the same");
    }
  }

  private static List<String> somebody(String... limits) {
    var command =
        new ArrayList<>(
            List.of(
                "/usr/bin/setpriv",
                "--reuid=64324",
                "--regid=64324",
                "--clear-groups",
                "/usr/bin/prlimit"));
    command.addAll(List.of(limits));
    return command;
  }

  /** Ever later, and never for good. */
  @Test
  void whatCannotStartIsTriedAgain() throws Exception {
    var said = place.resolve("said");
    var process = new ProcessBuilder(KEEP.toString(), "false").redirectError(said.toFile()).start();
    try {
      Await.until(
          "two tries", () -> Files.exists(said) && Files.readString(said).contains("again in 2 s"));
      assertTrue(Files.readString(said).contains("code 1; it is started again in 1 s"));
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it hears SIGTERM while it waits");
    }
  }
}
