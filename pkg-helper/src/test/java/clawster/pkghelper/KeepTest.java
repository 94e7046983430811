package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
      assertEquals(
          "rw-rw----",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.socket())));
      daemon.process().children().forEach(ProcessHandle::destroyForcibly);
      Await.until("a second start", () -> starts(daemon) == 2);
      assertInstanceOf(Outcome.Done.class, daemon.ask(Request.of(Action.LIST)));
      daemon.process().destroy();
      assertTrue(daemon.process().waitFor(20, TimeUnit.SECONDS), "it hears SIGTERM");
      assertEquals(0, daemon.process().exitValue());
      assertFalse(Files.exists(daemon.socket()), "and so did the helper");
    }
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
