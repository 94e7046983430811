package clawster.stories;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Where nodes of stories keep their data. PostgreSQL's programs are unpacked into the first of them
 * and linked into all others, since unpacking takes as long as a story.
 */
final class DataDirectories {

  private static final Path PROGRAMS = Path.of("target/story-programs").toAbsolutePath();

  private DataDirectories() {}

  static Path make(String prefix) throws IOException {
    var data = Files.createTempDirectory(prefix);
    for (var programs : programs(PROGRAMS)) {
      link(programs, data.resolve(programs.getFileName()));
    }
    return data;
  }

  /** Once the database, which ends after its last node, has written its last. */
  static void delete(Path data) throws IOException {
    Await.until(
        "the database has stopped",
        () -> !Files.exists(data.resolve("postgres/data/postmaster.pid")));
    for (var programs : programs(data)) {
      keep(programs, PROGRAMS.resolve(programs.getFileName()));
    }
    remove(data);
  }

  /** Those that are whole: as the node names them. */
  private static List<Path> programs(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("postgres-[0-9a-z]+"))
          .toList();
    }
  }

  private static void keep(Path programs, Path kept) throws IOException {
    if (Files.exists(kept)) {
      return;
    }
    Files.createDirectories(kept.getParent());
    var half = kept.resolveSibling(UUID.randomUUID().toString());
    try {
      link(programs, half);
      Files.move(half, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException _) {
      // Where there are no links from there to here, each unpacks its own.
      remove(half);
    }
  }

  private static void link(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var place = to.resolve(from.relativize(file).toString());
        if (Files.isSymbolicLink(file)) {
          Files.createSymbolicLink(place, Files.readSymbolicLink(file));
        } else if (Files.isDirectory(file)) {
          Files.createDirectory(place);
        } else {
          Files.createLink(place, file);
        }
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
