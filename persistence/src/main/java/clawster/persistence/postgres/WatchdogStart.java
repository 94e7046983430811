package clawster.persistence.postgres;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts a {@link PostgresWatchdog} that outlives this process and its terminal. */
final class WatchdogStart {

  private static final List<String> KEPT_VARIABLES = List.of("PATH", "HOME", "TMPDIR");

  /** Without setsid (macOS): the JVM leaves signals alone that are ignored when it starts. */
  private static final List<String> DETACHED =
      Files.isExecutable(Path.of("/usr/bin/setsid"))
          ? List.of("/usr/bin/setsid")
          : List.of("/bin/sh", "-c", "trap '' INT HUP QUIT; exec \"$@\"", "sh");

  private WatchdogStart() {}

  static boolean alive(PostgresFiles files) throws IOException {
    try (LockFile lock = LockFile.open(files.watchdogLock())) {
      return !lock.tryShared();
    }
  }

  static Process start(PostgresFiles files, List<String> serverCommand) throws IOException {
    List<String> command = new ArrayList<>(DETACHED);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx8m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=8m",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-cp",
            classes(files).toString(),
            PostgresWatchdog.class.getName(),
            files.directory().toString()));
    command.addAll(serverCommand);
    // Begun anew, then appended to by the watchdog and the server alike.
    Files.deleteIfExists(files.watchdogLog());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.directory().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.watchdogLog().toFile()));
    keepOnly(builder.environment());
    return builder.start();
  }

  /** A node's environment holds keys of model providers; the database has no use for them. */
  private static void keepOnly(Map<String, String> environment) {
    environment.keySet().retainAll(KEPT_VARIABLES);
  }

  private static Path classes(PostgresFiles files) throws IOException {
    Path source;
    try {
      source =
          Path.of(
              PostgresWatchdog.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the place of our own classes is unreadable", e);
    }
    if (Files.isDirectory(source)) {
      return source;
    }
    Path copy = files.directory().resolve("watchdog.jar.new");
    Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(copy, files.watchdogJar(), StandardCopyOption.ATOMIC_MOVE);
  }
}
