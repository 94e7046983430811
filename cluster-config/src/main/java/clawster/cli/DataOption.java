package clawster.cli;

import clawster.persistence.postgres.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --data}, and what a running node has left there for other verbs to find. */
final class DataOption {

  private static final String ADDRESS = "node.address";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory (CLAWSTER_DATA; default ~/.clawster).")
  private Path given;

  Path path() {
    if (given != null) {
      return given.toAbsolutePath();
    }
    var environment = System.getenv("CLAWSTER_DATA");
    return environment == null || environment.isBlank()
        ? Path.of(System.getProperty("user.home"), ".clawster")
        : Path.of(environment).toAbsolutePath();
  }

  private Path addressFile() {
    return path().resolve(ADDRESS);
  }

  void writeAddress(URI address) throws IOException {
    Files.writeString(DataDirectory.file(path(), ADDRESS), address.toString());
  }

  /** Where the node of this directory listens; empty if there is none. */
  Optional<URI> address() {
    return read(addressFile()).map(URI::create);
  }

  /**
   * The node's process, if it lives: it holds the lock. The id that a killed node left behind may
   * be anybody's by now.
   */
  Optional<ProcessHandle> process() {
    return isLocked()
        ? read(path().resolve("node.pid"))
            .map(Long::parseLong)
            .flatMap(ProcessHandle::of)
            .filter(ProcessHandle::isAlive)
        : Optional.empty();
  }

  private boolean isLocked() {
    try (var channel = FileChannel.open(path().resolve("node.lock"), StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
