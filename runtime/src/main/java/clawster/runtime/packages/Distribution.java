package clawster.runtime.packages;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installed Python package, as its own directory tells: {@code name-version.dist-info}, with the
 * list of its files in it. That list was written by whoever made the package, so nothing in it is
 * believed to lie where it says.
 *
 * @param root without links, and an ancestor of everything that is ever a file of it
 * @param info its own directory
 * @param name canonical
 */
record Distribution(Path root, Path info, String name, String version) {

  private static final Pattern INFO =
      Pattern.compile("([A-Za-z0-9._]+)-([^-/]+)(?:-[^/]*)?\\.(?:dist|egg)-info");

  private static final String LIST = "RECORD";

  /** Longer than any system has. */
  private static final int MAX_PATH = 4096;

  /** Where scripts and data are, seen from where modules are before they become one directory. */
  private static final String OUT_OF_MODULES = "../../";

  static List<Distribution> in(Path root) throws IOException {
    var found = new ArrayList<Distribution>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "*-info")) {
      for (var entry : entries) {
        of(root, entry).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Distribution> of(Path root, Path info) {
    var told = INFO.matcher(info.getFileName().toString());
    return told.matches() && Files.isDirectory(info, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(
            new Distribution(root, info, PackageKind.PIP.canonical(told.group(1)), told.group(2)))
        : Optional.empty();
  }

  /** Whether it can be told which files are its own. */
  boolean isListed() {
    return Files.isRegularFile(info.resolve(LIST), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it was being removed when somebody was stopped: by these others know it. */
  boolean isRemnant() {
    return Stream.of("METADATA", "PKG-INFO")
        .noneMatch(file -> Files.exists(info.resolve(file), LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Its files as far as they can be its own, whether they are there or not.
   *
   * @throws IOException if that list is longer than anybody's
   */
  void eachFile(Consumer<Path> file) throws IOException {
    if (!isListed()) {
      return;
    }
    try (var lines = new BoundedLines(info.resolve(LIST))) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        var path = path(line.get());
        if (path.length() > MAX_PATH) {
          throw new IOException("too long a path");
        }
        resolve(path).ifPresent(file);
      }
    } catch (IOException e) {
      throw new IOException("the list of files of " + name + ": " + e.getMessage(), e);
    }
  }

  /** The first field of a line of comma-separated ones. */
  private static String path(String line) {
    if (!line.startsWith("\"")) {
      int end = line.indexOf(',');
      return end < 0 ? line : line.substring(0, end);
    }
    var path = new StringBuilder();
    for (int at = 1; at < line.length(); at++) {
      if (line.charAt(at) == '"') {
        at++;
        if (at >= line.length() || line.charAt(at) != '"') {
          break;
        }
      }
      path.append(line.charAt(at));
    }
    return path.toString();
  }

  /** Empty for what is not below the root, or is there only by way of a link. */
  private Optional<Path> resolve(String listed) {
    var text = listed.startsWith(OUT_OF_MODULES) ? listed.substring(6) : listed;
    try {
      var path = Path.of(text);
      if (text.isBlank() || path.isAbsolute()) {
        return Optional.empty();
      }
      var file = root.resolve(path).normalize();
      return file.startsWith(root) && !file.equals(root) && hasNoLinkAbove(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private boolean hasNoLinkAbove(Path file) {
    for (var above = file.getParent(); !above.equals(root); above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        return false;
      }
    }
    return true;
  }
}
