package clawster.runtime.packages;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The directory that Node's packages are in: one for each, and one for each scope with those in it.
 * To look there costs nothing; to ask npm, a process of half a second.
 *
 * @param root need not be there
 */
record NodeModules(Path root) {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TOLD_BY = "package.json";
  private static final long MOST_TOLD = 4L << 20;

  /** What npm puts aside while it works. */
  private static final String ASIDE = "\\..+-[A-Za-z0-9]{8}";

  private interface Seen {
    void at(Path directory, String name) throws IOException;
  }

  /** By name. */
  List<InstalledPackage> list() throws IOException {
    var found = new ArrayList<InstalledPackage>();
    see(
        root,
        "",
        (directory, name) -> {
          if (!directory.getFileName().toString().startsWith(".")
              && Files.isRegularFile(directory.resolve(TOLD_BY))) {
            found.add(new InstalledPackage(name, version(directory.resolve(TOLD_BY))));
          }
        });
    found.sort(Comparator.comparing(InstalledPackage::name));
    return found;
  }

  /** Written by whoever made the package, so it may be anything. */
  private static String version(Path told) {
    try {
      return Files.size(told) > MOST_TOLD
          ? ""
          : Line.of(JSON.readTree(Files.readAllBytes(told)).path("version").asText());
    } catch (IOException _) {
      return "";
    }
  }

  /**
   * While npm works it puts what was there aside, under a name made of the old one; where it finds
   * that name taken, since it was killed once, it fails from then on.
   */
  void removeLeftovers() throws IOException {
    see(
        root,
        "",
        (directory, _) -> {
          if (directory.getFileName().toString().matches(ASIDE)) {
            Scratch.delete(directory);
          }
        });
  }

  private static void see(Path within, String scope, Seen seen) throws IOException {
    if (!Files.isDirectory(within, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(within)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (scope.isEmpty() && name.startsWith("@")) {
          see(entry, name + "/", seen);
        } else {
          seen.at(entry, scope + name);
        }
      }
    }
  }
}
