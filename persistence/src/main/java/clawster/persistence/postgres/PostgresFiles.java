package clawster.persistence.postgres;

import java.nio.file.Path;

/** Every file of the embedded database below one data directory, named once. */
record PostgresFiles(Path directory) {

  static PostgresFiles of(Path dataDirectory) {
    return new PostgresFiles(dataDirectory.resolve("postgres"));
  }

  /** What PostgreSQL itself owns; its log files are in {@code log} below. */
  Path data() {
    return directory.resolve("data");
  }

  Path password() {
    return directory.resolve("password");
  }

  Path port() {
    return directory.resolve("port");
  }

  /** Held for the length of one {@code ensure}. */
  Path startLock() {
    return directory.resolve("start.lock");
  }

  /** Shared by every node for life; exclusive means that the last one has left. */
  Path nodesLock() {
    return directory.resolve("nodes.lock");
  }

  /** Held by the watchdog for life. */
  Path watchdogLock() {
    return directory.resolve("watchdog.lock");
  }

  Path watchdogLog() {
    return directory.resolve("watchdog.log");
  }

  /** The watchdog's own copy of its classes: a rebuild must not pull them from under it. */
  Path watchdogJar() {
    return directory.resolve("watchdog.jar");
  }

  Path serverLogs() {
    return data().resolve("log");
  }
}
