package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;

/** Files and directories that only their owner reads, and that are seen whole or not at all. */
final class PrivateFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  /** For a file that is made with it: its owner's alone from its first moment on. */
  static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private PrivateFiles() {}

  /** Group and others may at most pass through (see {@link ServerAccount}), never list or write. */
  static void directory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      if (!PASSABLE.containsAll(Files.getPosixFilePermissions(directory))) {
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
      }
      return;
    }
    try {
      if (directory.getParent() != null) {
        Files.createDirectories(directory.getParent());
      }
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  static void passable(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PASSABLE);
  }

  /** Makes the file if it is missing. */
  static Path file(Path file) throws IOException {
    try {
      return Files.createFile(file, FILE);
    } catch (FileAlreadyExistsException e) {
      return file;
    }
  }

  static void write(Path file, String text) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    Files.createFile(written, FILE);
    Files.writeString(written, text);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (var paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
