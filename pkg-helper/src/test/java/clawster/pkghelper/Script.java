package clawster.pkghelper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Programs of a few lines. */
final class Script {

  private Script() {}

  /**
   * By a process of its own: what this one has open for writing, others that it starts meanwhile
   * may have, too, and as long as one has, it cannot be run.
   */
  static void write(Path file, String text) throws IOException {
    var writing =
        new ProcessBuilder("/bin/sh", "-c", "cat >\"$0\" && chmod 755 \"$0\"", file.toString())
            .start();
    try (var input = writing.getOutputStream()) {
      input.write(text.getBytes(StandardCharsets.UTF_8));
    }
    if (writing.onExit().join().exitValue() != 0) {
      throw new IOException("cannot write " + file);
    }
  }
}
