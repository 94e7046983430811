package clawster.runtime.packages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lines of a file that a stranger may have written: one after the other, and no more than
 * honest ones have. What cannot be read in them is no reason to stop.
 */
final class BoundedLines implements AutoCloseable {

  static final long MAX_BYTES = 8L << 20;
  static final int MAX_LINES = 100_000;

  private final BufferedReader reader;
  private int read;

  BoundedLines(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw tooLong();
    }
    reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  /** Empty at its end. */
  Optional<String> next() throws IOException {
    var line = reader.readLine();
    if (line != null && ++read > MAX_LINES) {
      throw tooLong();
    }
    return Optional.ofNullable(line);
  }

  private static IOException tooLong() {
    return new IOException("too long");
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
