package clawster.runtime.packages;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Where an installer works: empty at first, whoever was killed here before, and gone afterwards.
 */
record Scratch(Path place) implements AutoCloseable {

  static Scratch at(Path place) throws IOException {
    delete(place);
    Files.createDirectory(place);
    for (var part : new String[] {"home", "tmp", "stage"}) {
      Files.createDirectory(place.resolve(part));
    }
    return new Scratch(place);
  }

  /** What is installed before it goes to where it is used. */
  Path stage() {
    return place.resolve("stage");
  }

  Map<String, String> environment() {
    return Map.of(
        "HOME", place.resolve("home").toString(), "TMPDIR", place.resolve("tmp").toString());
  }

  /** What cannot be deleted now is in nobody's way until the next. */
  @Override
  public void close() {
    try {
      delete(place);
    } catch (IOException _) {
      // The next one says so.
    }
  }

  /** Of what was in it. */
  static void empty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (var entry : entries) {
        delete(entry);
      }
    }
  }

  /** Links are deleted, not followed; what is not there is done. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
