package clawster.cli;

import clawster.node.EnvironmentNames;
import clawster.node.Settings;
import clawster.persistence.postgres.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** {@code --data}, and what running nodes have left there for other verbs to find. */
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
    var environment = EnvironmentNames.environment().get("CLAWSTER_DATA");
    return environment == null || environment.isBlank()
        ? Path.of(System.getProperty("user.home"), ".clawster")
        : Path.of(environment).toAbsolutePath();
  }

  /**
   * A node that lives: it holds its lock.
   *
   * @param address where it listens; empty before it does
   */
  record Running(int node, ProcessHandle process, Optional<URI> address) {}

  /** Whoever looks sees all of it, or none. */
  void writeAddress(int node, URI address) throws IOException {
    var name = DataDirectory.nodeFile(node, "address");
    var draft = DataDirectory.file(path(), name + ".new");
    Files.writeString(draft, address.toString());
    Files.move(draft, draft.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** All nodes that live on this directory. */
  List<Running> running() {
    return IntStream.rangeClosed(1, Settings.MAX_NODES)
        .mapToObj(this::running)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The process id that a killed node left behind may be anybody's by now, hence the lock. */
  Optional<Running> running(int node) {
    return isLocked(file(node, "lock"))
        ? process(file(node, "pid"))
            .map(
                process -> new Running(node, process, read(file(node, "address")).map(URI::create)))
        : Optional.empty();
  }

  private Path file(int node, String kind) {
    return path().resolve(DataDirectory.nodeFile(node, kind));
  }

  static Optional<ProcessHandle> process(Path pid) {
    return read(pid).map(Long::parseLong).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
  }

  static boolean isLocked(Path lock) {
    try (var channel = FileChannel.open(lock, StandardOpenOption.READ)) {
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
