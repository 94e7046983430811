package clawster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --data}, and what a running node has left there for other verbs to find. */
final class DataOption {

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
    return path().resolve("node.address");
  }

  void writeAddress(URI address) throws IOException {
    Files.writeString(addressFile(), address.toString());
  }

  /** Where the node of this directory listens; empty if there is none. */
  Optional<URI> address() {
    return read(addressFile()).map(URI::create);
  }

  /** The node's process, if it lives. */
  Optional<ProcessHandle> process() {
    return read(path().resolve("node.pid"))
        .map(Long::parseLong)
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
