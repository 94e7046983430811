package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.Programs.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
        asked("yes | head -c 20000000; yes x | tr -d '\\n' | head -c 9000000; echo; echo end", 0);
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

  @Test
  void outputIsKeptWholeWhereItIsWanted() throws IOException {
    var script = "for i in 1 2 3 4 5 6 7 8; do printf '%09999d\\n' 0; done; echo error >&2";
    var kept = asked(script, 80_000);
    assertEquals(80_000, kept.output().orElseThrow().length());
    assertFalse(kept.output().orElseThrow().contains("error"));
    assertEquals(Optional.empty(), asked(script, 79_999).output(), "half of it is nothing");
    assertEquals(Optional.of(""), asked("echo error >&2", 10).output());
  }

  private End.Exited asked(String script, int maxOutput) throws IOException {
    return assertInstanceOf(
        End.Exited.class, programs.run(List.of("sh", "-c", script), LONG, maxOutput));
  }

  @Test
  void theyWorkWhereAndHowTheyAreTold() throws IOException {
    var there =
        new Programs(programs.path(), Map.of("PATH", "/theirs:/bin:/usr/bin"), place, "027");
    var end = there.run(List.of("sh", "-c", "pwd; umask; echo $PATH; env"), LONG, 10_000);
    var said = assertInstanceOf(End.Exited.class, end).output().orElseThrow();
    var start = place.toRealPath() + "\n0027\n/theirs:/bin:/usr/bin\n";
    assertTrue(said.startsWith(start), said);
    assertFalse(said.contains("HOME="), said);
  }

  /** Whoever waits for it has to know that it is over. */
  @Test
  void whoIsInterruptedLeavesNothingBehind() throws Exception {
    var worker = new CompletableFuture<ProcessHandle>();
    var failure = new CompletableFuture<Exception>();
    var watcher =
        new Programs.Watcher() {
          @Override
          public void starts(ProcessHandle handle) {
            worker.complete(handle);
          }

          @Override
          public void said(String line) {}
        };
    var waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    programs.run(List.of("sleep", "300"), LONG, watcher);
                  } catch (IOException e) {
                    failure.complete(e);
                  }
                });
    var sleeping = worker.get();
    waiting.interrupt();
    assertEquals("interrupted", failure.get().getMessage());
    assertFalse(sleeping.isAlive());
  }
}
