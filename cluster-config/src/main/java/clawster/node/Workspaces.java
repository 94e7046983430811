package clawster.node;

import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The directory of agents' files, which all nodes of a cluster must see: a session that moves finds
 * there what it wrote. A marker in it carries the cluster's id, so that a node with another
 * directory is found out before it serves, and one that loses it before callers are.
 */
final class Workspaces {

  static final String MARKER = ".clawster-cluster";

  /** What the first node writes, others may see a little later where the directory is far. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int CHECK_SECONDS = 2;

  private final Path directory;
  private final Supplier<CompletionStage<UUID>> cluster;
  private final AtomicReference<CompletableFuture<Void>> check =
      new AtomicReference<>(CompletableFuture.completedFuture(null));
  private String id = "";

  /**
   * @param cluster the id that the database gave its cluster
   */
  Workspaces(Path directory, Supplier<CompletionStage<UUID>> cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /**
   * Blocks until the marker is known to be ours. A node that is alone with a directory that has
   * none, perhaps a new one beside an old database, writes it: nobody serves who could have
   * another.
   *
   * @param alone whether this node began the cluster
   * @throws StartRefused if the directory is not the cluster's
   */
  void claim(boolean alone) {
    try {
      id = cluster.get().toCompletableFuture().join().toString();
      Files.createDirectories(directory);
      var found = alone ? marker() : awaitMarker();
      if (found.isEmpty() && alone) {
        write();
      } else if (!found.equals(id)) {
        throw refused(found, alone);
      }
    } catch (IOException e) {
      throw new StartRefused("CLAWSTER_WORKSPACES %s cannot be used: %s".formatted(directory, e));
    } catch (CompletionException e) {
      throw new StartRefused("the database cannot name its cluster: " + e.getCause());
    }
  }

  private StartRefused refused(String found, boolean alone) {
    if (found.isEmpty()) {
      return new StartRefused(
          "%s is not where the other nodes have their workspaces: set CLAWSTER_WORKSPACES to a directory that all nodes see"
              .formatted(directory));
    }
    var remedy =
        alone
            ? "set CLAWSTER_WORKSPACES to another one, or remove %s if that cluster is no more"
                .formatted(directory.resolve(MARKER))
            : "set CLAWSTER_WORKSPACES to the directory that the other nodes use";
    return new StartRefused(
        "%s holds the workspaces of another cluster: %s".formatted(directory, remedy));
  }

  private String awaitMarker() throws IOException {
    long end = System.nanoTime() + PATIENCE;
    var found = marker();
    while (found.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK);
      found = marker();
    }
    return found;
  }

  /** What the marker says; empty if there is none. */
  private String marker() throws IOException {
    try {
      return Files.readString(directory.resolve(MARKER)).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Whole or not at all. */
  private void write() throws IOException {
    var draft = Files.createTempFile(directory, MARKER, ".tmp");
    Files.writeString(draft, id + "\n");
    Files.move(draft, directory.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Fails unless the marker is still there. A directory that does not answer is asked by one thread
   * only, however many ask us.
   */
  CompletionStage<Void> check() {
    var running = check.get();
    if (running.isDone()) {
      var next = new CompletableFuture<Void>();
      if (check.compareAndSet(running, next)) {
        Thread.ofVirtual().name("clawster-workspaces").start(() -> look(next));
      }
      running = check.get();
    }
    return running.copy().orTimeout(CHECK_SECONDS, TimeUnit.SECONDS);
  }

  private void look(CompletableFuture<Void> looked) {
    try {
      if (marker().equals(id)) {
        looked.complete(null);
      } else {
        looked.completeExceptionally(new IOException("the marker is not ours"));
      }
    } catch (IOException | UncheckedIOException e) {
      looked.completeExceptionally(e);
    }
  }
}
