package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The process that owns a data directory's PostgreSQL: detached from every node, alive while any
 * node holds {@code nodes.lock}, and the one who stops the server cleanly after the last.
 *
 * <p>It waits for the last node in the exclusive lock and keeps that until it is gone, so whoever
 * joins meanwhile waits, then finds no watchdog and starts one. {@code watchdog.lock} is given back
 * before: never is {@code nodes.lock} free while a leaving watchdog still seems alive. Uses only
 * the JDK and this package's files; its memory is part of the product's 300 MB.
 */
final class PostgresWatchdog {

  private static final int TRIES = 100;
  private static final int PAUSE_MILLIS = 5;

  private PostgresWatchdog() {}

  /** Arguments: the directory of {@link PostgresFiles}, then the server's command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PostgresFiles files = new PostgresFiles(Path.of(arguments[0]));
    LockFile alive = LockFile.open(files.watchdogLock());
    if (!soonExclusive(alive)) {
      return;
    }
    LockFile nodes = LockFile.open(files.nodesLock());
    SupervisedServer server =
        new SupervisedServer(files, Arrays.asList(arguments).subList(1, arguments.length));
    Thread.ofPlatform().daemon().name("last node").start(() -> stopAfterLast(nodes, server));
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "terminated"));
    server.run();
    server.stop();
    alive.close();
    Runtime.getRuntime().halt(0);
  }

  /** A node that looks whether a watchdog lives holds the lock for a moment. */
  private static boolean soonExclusive(LockFile alive) throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      if (alive.tryExclusive()) {
        return true;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return false;
  }

  private static void stopAfterLast(LockFile nodes, SupervisedServer server) {
    try {
      nodes.awaitExclusive();
    } catch (IOException e) {
      System.out.println("nodes.lock cannot be waited for, stopping: " + e);
    }
    server.stop();
  }
}
