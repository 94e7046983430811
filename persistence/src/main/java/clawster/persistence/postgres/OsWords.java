package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the operating system said, as words: many of Java's file exceptions carry only the path. */
final class OsWords {

  private OsWords() {}

  static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileSystemException file when file.getReason() != null ->
          file.getReason() + " (" + file.getFile() + ")";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
