package clawster.persistence.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node's claim on its place in the directory that holds everything it must not lose. The
 * directory is private to one user; the nodes of one machine share it, each with a number of its
 * own. Another claim on a number is refused and told the holder's process id.
 */
public final class DataDirectory implements AutoCloseable {

  /** Lock files of this process. */
  private static final Set<Path> CLAIMED = new HashSet<>();

  private final Path path;
  private final int node;
  private final LockFile claim;

  private DataDirectory(Path path, int node, LockFile claim) {
    this.path = path;
    this.node = node;
    this.claim = claim;
  }

  /** The name of a node's file of that kind, {@code node.pid} or {@code node-2.pid}. */
  public static String nodeFile(int node, String kind) {
    return node == 1 ? "node." + kind : "node-%d.%s".formatted(node, kind);
  }

  /** A file in the directory; both are there afterwards, and readable by their owner alone. */
  public static Path file(Path directory, String name) throws IOException {
    return PrivateFiles.file(open(directory).resolve(name));
  }

  /**
   * @param node from 1
   */
  public static DataDirectory claim(Path directory, int node) {
    synchronized (CLAIMED) {
      try {
        Path path = open(directory);
        Path lock = path.resolve(nodeFile(node, "lock"));
        if (CLAIMED.contains(lock)) {
          throw inUse(path, node, String.valueOf(ProcessHandle.current().pid()));
        }
        LockFile claim = LockFile.open(lock);
        if (!patiently(claim)) {
          claim.close();
          throw inUse(path, node, holder(path, node));
        }
        Files.deleteIfExists(path.resolve(nodeFile(node, "address")));
        PrivateFiles.write(
            path.resolve(nodeFile(node, "pid")), ProcessHandle.current().pid() + "\n");
        CLAIMED.add(lock);
        return new DataDirectory(path, node, claim);
      } catch (IOException e) {
        throw new StartRefused(
            "The data directory " + directory + " cannot be used: " + OsWords.of(e), e);
      }
    }
  }

  public Path path() {
    return path;
  }

  /** Gives the claim back and leaves the embedded database, which stops when no one is left. */
  @Override
  public void close() {
    synchronized (CLAIMED) {
      if (!CLAIMED.remove(path.resolve(nodeFile(node, "lock")))) {
        return;
      }
      try (claim) {
        if (CLAIMED.stream().noneMatch(lock -> lock.getParent().equals(path))) {
          NodePresence.leave(PostgresFiles.of(path));
        }
        Files.deleteIfExists(path.resolve(nodeFile(node, "pid")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Real and absolute, since the same directory by another name is still the same claim. */
  static Path open(Path directory) throws IOException {
    Path wanted = directory.toAbsolutePath().normalize();
    if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
      throw new StartRefused("The data directory " + wanted + " is a file.");
    }
    if (Files.isDirectory(wanted)) {
      long owner = ((Number) Files.getAttribute(wanted, "unix:uid")).longValue();
      if (owner != ServerAccount.ownUid()) {
        throw new StartRefused(
            "The data directory %s belongs to %s: start as that user or choose another directory."
                .formatted(wanted, Files.getOwner(wanted)));
      }
    }
    PrivateFiles.directory(wanted);
    return wanted.toRealPath();
  }

  /** Somebody may hold the lock for a moment, to see whether a node does. */
  private static boolean patiently(LockFile claim) throws IOException {
    for (int attempt = 0; attempt < 10; attempt++) {
      if (claim.tryExclusive()) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return false;
  }

  private static StartRefused inUse(Path path, int node, String pid) {
    return new StartRefused(
        "Node %d of the data directory %s is in use by process %s; --node N adds another one."
            .formatted(node, path, pid));
  }

  private static String holder(Path path, int node) throws IOException {
    Path file = path.resolve(nodeFile(node, "pid"));
    return Files.exists(file) ? Files.readString(file).strip() : "(not yet known)";
  }
}
