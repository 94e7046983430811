package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why a server does not run, in its own words. What it says before its log opens is in the
 * watchdog's log, between lines that explain nothing; what it says later is in its own.
 */
final class LastWords {

  private static final List<String> EXPLAINING_NOTHING =
      List.of("PostgreSQL ended with status", "redirecting log output", "HINT:");

  private LastWords() {}

  static String of(PostgresFiles files) throws IOException {
    return lastLine(files.watchdogLog()).or(() -> ofServer(files)).orElse("nothing");
  }

  private static Optional<String> ofServer(PostgresFiles files) {
    try (var logs = Files.list(files.serverLogs())) {
      Optional<Path> newest = logs.max(Comparator.comparing(log -> log.toFile().lastModified()));
      return newest.isPresent() ? lastLine(newest.get()) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> lastLine(Path log) throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return lines.reversed().stream()
        .filter(line -> EXPLAINING_NOTHING.stream().noneMatch(line::contains))
        .findFirst();
  }
}
