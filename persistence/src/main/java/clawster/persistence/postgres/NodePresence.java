package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * This process counts as a node of a data directory's database, until it leaves or dies.
 *
 * <p>One channel per directory and process (see {@link LockFile}), hence the static map. Joining
 * waits while a watchdog that saw the last node leave is still stopping the database.
 */
final class NodePresence {

  private static final Map<Path, LockFile> JOINED = new HashMap<>();

  private NodePresence() {}

  static synchronized void join(PostgresFiles files, Consumer<String> progress) throws IOException {
    if (JOINED.containsKey(files.directory())) {
      return;
    }
    LockFile nodes = LockFile.open(files.nodesLock());
    try {
      if (!nodes.tryShared()) {
        progress.accept("waiting for the database to finish stopping");
        nodes.awaitShared();
      }
    } catch (IOException | RuntimeException e) {
      nodes.close();
      throw e;
    }
    JOINED.put(files.directory(), nodes);
  }

  static synchronized void leave(PostgresFiles files) throws IOException {
    LockFile nodes = JOINED.remove(files.directory());
    if (nodes != null) {
      nodes.close();
    }
  }
}
