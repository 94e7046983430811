package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.pkghelper.Programs.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ProgramsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path place;
  private final Programs programs =
      new Programs(List.of(Path.of("/usr/bin"), Path.of("/bin")), Map.of("ONLY", "this"));

  private End.Exited shell(String script, List<String> lines) throws IOException {
    return assertInstanceOf(
        End.Exited.class,
        programs.run(List.of("sh", "-c", script), LONG, Programs.watching(lines::add)));
  }

  @Test
  void wordsStayAsTheyAre() throws IOException {
    var lines = new ArrayList<String>();
    programs.run(
        List.of("printf", "<%s>\\n", "a b", "$(id)", "`id`", "", "*", "-x", "\"'"),
        LONG,
        Programs.watching(lines::add));
    assertEquals(List.of("<a b>", "<$(id)>", "<`id`>", "<>", "<*>", "<-x>", "<\"'>"), lines);
  }

  @Test
  void outputsAreToldApart() throws IOException {
    var lines = new ArrayList<String>();
    var end = shell("echo out; echo error >&2; exit 3", lines);
    assertEquals(List.of("out"), lines);
    assertEquals(3, end.code());
    assertEquals("out\nerror", end.said());
  }

  @Test
  void endlessOutputIsReadAndForgotten() throws IOException {
    var end =
        shell(
            "yes | head -c 20000000; yes x | tr -d '\\n' | head -c 9000000; echo; echo end",
            new ArrayList<>());
    assertTrue(end.said().endsWith("end\n"), () -> "" + end.said().length());
    assertTrue(end.said().length() < 10_000, () -> "" + end.said().length());
  }

  @Test
  void thereIsNothingToRead() throws IOException {
    assertEquals(0, shell("! read -r line", new ArrayList<>()).code());
  }

  @Test
  void whatIsNotThereIsNotRun() {
    assertThrows(
        IOException.class,
        () -> programs.run(List.of("no-such-program"), LONG, Programs.watching(_ -> {})));
    assertThrows(
        IOException.class,
        () ->
            new Programs(List.of(place), Map.of())
                .run(List.of("sh", "-c", "exit"), LONG, Programs.watching(_ -> {})));
  }

  /** Else nobody would look for what it did. */
  @Test
  void whatCannotBeNotedNeverBegins() throws Exception {
    var trace = place.resolve("trace");
    var worker = new ArrayList<ProcessHandle>();
    var failing =
        new Programs.Watcher() {
          @Override
          public void starts(ProcessHandle handle) throws IOException {
            worker.add(handle);
            throw new IOException("No space left on device");
          }

          @Override
          public void said(String line) {}
        };
    assertThrows(
        IOException.class, () -> programs.run(List.of("touch", trace.toString()), LONG, failing));
    worker.getFirst().onExit().get();
    assertFalse(Files.exists(trace));
  }

  /** A service that an installation starts keeps our pipes, not us. */
  @Test
  void whatStaysBehindIsNotWaitedFor() throws Exception {
    var lines = new ArrayList<String>();
    shell("sleep 300 & echo $!", lines);
    var service = ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
    assertTrue(service.isAlive());
    service.destroyForcibly();
  }
}
