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
 * A node's claim on the directory that holds everything it must not lose: private to one user, and
 * for now to one node. Another claim is refused and told the holder's process id.
 *
 * <p>The database below already counts several nodes ({@link NodePresence}); several nodes per
 * directory need only a claim per node here instead of {@code node.lock}.
 */
public final class DataDirectory implements AutoCloseable {

  private static final Set<Path> CLAIMED = new HashSet<>();

  private final Path path;
  private final LockFile claim;

  private DataDirectory(Path path, LockFile claim) {
    this.path = path;
    this.claim = claim;
  }

  /** A file in the directory; both are there afterwards, and readable by their owner alone. */
  public static Path file(Path directory, String name) throws IOException {
    return PrivateFiles.file(open(directory).resolve(name));
  }

  public static DataDirectory claim(Path directory) {
    synchronized (CLAIMED) {
      try {
        Path path = open(directory);
        if (CLAIMED.contains(path)) {
          throw inUse(path, String.valueOf(ProcessHandle.current().pid()));
        }
        LockFile claim = LockFile.open(path.resolve("node.lock"));
        if (!patiently(claim)) {
          claim.close();
          throw inUse(path, holder(path));
        }
        PrivateFiles.write(path.resolve("node.pid"), ProcessHandle.current().pid() + "\n");
        CLAIMED.add(path);
        return new DataDirectory(path, claim);
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
      if (!CLAIMED.remove(path)) {
        return;
      }
      try (claim) {
        NodePresence.leave(PostgresFiles.of(path));
        Files.deleteIfExists(path.resolve("node.pid"));
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

  private static StartRefused inUse(Path path, String pid) {
    return new StartRefused("The data directory %s is in use by process %s.".formatted(path, pid));
  }

  private static String holder(Path path) throws IOException {
    Path file = path.resolve("node.pid");
    return Files.exists(file) ? Files.readString(file).strip() : "(not yet known)";
  }
}
