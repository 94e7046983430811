package clawster.node;

import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file of lines that is set aside when it is full: {@code name.1} is the youngest of those before
 * it. All are their owner's alone, and together they never have more bytes than was said; what
 * cannot be set aside is not written to. A line is written whole or not at all, and whoever was
 * refused may try again. (Logback's rolling appender goes on with a file that it cannot rename,
 * stays closed after an open that failed, and leaves the mode to the umask.)
 */
final class RotatedFile implements AutoCloseable {

  private final Path directory;
  private final String name;
  private final long max;
  private final int older;

  /** Not a channel: those are closed by an interrupt, with which logback ends its writers. */
  private Optional<RandomAccessFile> open = Optional.empty();

  /**
   * @param max bytes of each file
   * @param older how many are kept besides the one that is written
   */
  RotatedFile(Path directory, String name, long max, int older) {
    this.directory = directory;
    this.name = name;
    this.max = max;
    this.older = older;
  }

  /** Makes file and directory where they are missing. */
  void open() throws IOException {
    if (open.isEmpty()) {
      try {
        var path = DataDirectory.file(directory, name);
        open = Optional.of(new RandomAccessFile(path.toFile(), "rw"));
        endLine(open.get());
      } catch (StartRefused e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  /** What a process that was killed had not finished stays a line of its own. */
  private static void endLine(RandomAccessFile file) throws IOException {
    if (file.length() > 0) {
      file.seek(file.length() - 1);
      if (file.read() != '\n') {
        file.write('\n');
      }
    }
  }

  void append(byte[] line) throws IOException {
    try {
      open();
      if (open.get().length() + line.length > max) {
        close();
        setAside();
        open();
      }
      write(open.get(), line);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static void write(RandomAccessFile file, byte[] line) throws IOException {
    long end = file.length();
    try {
      file.seek(end);
      file.write(line);
    } catch (IOException e) {
      try {
        file.setLength(end);
      } catch (IOException half) {
        e.addSuppressed(half);
      }
      throw e;
    }
  }

  private void setAside() throws IOException {
    for (int number = older; number > 0; number--) {
      var from = number == 1 ? path() : older(number - 1);
      if (Files.exists(from)) {
        Files.move(from, older(number), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private Path path() {
    return directory.resolve(name);
  }

  private Path older(int number) {
    return directory.resolve(name + "." + number);
  }

  @Override
  public void close() throws IOException {
    var file = open;
    open = Optional.empty();
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
