package clawster.http.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's own tests, {@code src/test/js}, told by Node's test runner where there is one. */
final class PageTest {

  private static final int NEEDED = 18;

  @TempDir private Path temporary;

  private record Ended(int code, String said) {}

  private Ended node(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("node"));
    command.addAll(arguments);
    var said = Files.createTempFile(temporary, "said", ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ended(process.waitFor(), Files.readString(said));
  }

  private int version() throws InterruptedException {
    try {
      var said = node(List.of("--version")).said();
      return Integer.parseInt(said.replaceAll("(?s)v(\\d+).*", "$1"));
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void theModulesOfThePageDoWhatTheyPromise() throws Exception {
    assumeTrue(version() >= NEEDED, "no node " + NEEDED + " or newer is on the PATH");
    var arguments = new ArrayList<>(List.of("--test"));
    try (var files = Files.list(Path.of("src", "test", "js"))) {
      files.map(Path::toString).filter(name -> name.endsWith(".test.mjs")).forEach(arguments::add);
    }
    assertTrue(arguments.size() > 1, "there are tests");
    var ended = node(arguments);
    assertEquals(0, ended.code(), ended.said());
    assertFalse(ended.said().contains("# pass 0"), ended.said());
  }
}
