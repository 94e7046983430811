package clawster.runtime.packages;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The directory that Python's packages are installed into. pip itself can only put packages there:
 * it removes none, and where two have a directory in common ({@code bin}, or a namespace) it keeps
 * the one's or the other's. So each package is put here file by file, and removed by its list.
 *
 * @param root without links
 */
record PythonTarget(Path root) {

  private static final Comparator<Path> DEEPEST_FIRST =
      Comparator.comparingInt(Path::getNameCount)
          .reversed()
          .thenComparing(Comparator.naturalOrder());

  List<Distribution> called(String name) throws IOException {
    return Distribution.in(root).stream().filter(found -> found.name().equals(name)).toList();
  }

  /** By name; what was being removed when somebody was stopped is not there any more. */
  List<InstalledPackage> list() throws IOException {
    return Distribution.in(root).stream()
        .filter(found -> !found.isRemnant())
        .map(found -> new InstalledPackage(found.name(), found.version()))
        .sorted(Comparator.comparing(InstalledPackage::name))
        .toList();
  }

  // --- bringing --------------------------------------------------------------------------------

  /**
   * Moves all packages from another directory here, in the place of those of the same name. What a
   * package is listed by comes last, so that one that was interrupted is not taken for installed.
   * What could not be removed again does not come at all.
   */
  void adopt(Path stage) throws IOException {
    var coming = Distribution.in(stage);
    for (var distribution : coming) {
      distribution.eachFile(_ -> {});
    }
    for (var distribution : coming) {
      for (var before : called(distribution.name())) {
        remove(before);
      }
    }
    var infos = coming.stream().map(Distribution::info).toList();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(stage)) {
      for (var entry : entries) {
        if (!infos.contains(entry)) {
          move(entry, root.resolve(entry.getFileName()));
        }
      }
    }
    for (var info : infos) {
      move(info, root.resolve(info.getFileName()));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      makeDirectory(to);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
        for (var entry : entries) {
          move(entry, to.resolve(entry.getFileName()));
        }
      }
    } else if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** A link there would lead files to wherever it points. */
  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(directory);
      Files.createDirectory(directory);
    }
  }

  // --- removing --------------------------------------------------------------------------------

  /** What others list too is theirs. */
  void remove(Distribution gone) throws IOException {
    var own = new HashSet<Path>();
    gone.eachFile(own::add);
    own.removeIf(this::isOfAnInfo);
    var compiled = compiled(own);
    for (var other : Distribution.in(root)) {
      if (!other.equals(gone)) {
        other.eachFile(
            theirs -> {
              own.remove(theirs);
              compiled.remove(theirs);
            });
      }
    }
    compiled.values().retainAll(own);
    delete(own, compiled.keySet());
    deleteInfo(gone.info());
  }

  private void delete(Set<Path> files, Set<Path> compiled) throws IOException {
    var left = new TreeSet<Path>(DEEPEST_FIRST);
    for (var file : files) {
      delete(file);
      addDirectories(file, left);
    }
    for (var file : compiled) {
      delete(file);
    }
    for (var directory : left) {
      deleteIfEmpty(directory);
    }
  }

  /** Its own is deleted whole at the end, and another's is another's even if that lists nothing. */
  private boolean isOfAnInfo(Path file) {
    return root.relativize(file).getName(0).toString().matches(".*\\.(?:dist|egg)-info");
  }

  private static void delete(Path file) throws IOException {
    // A name may be longer than there can be any.
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(file);
    }
  }

  /** Python compiles what it loads, and whoever ran it then is on no list. */
  private static Map<Path, Path> compiled(Set<Path> files) throws IOException {
    var sources = new HashMap<Path, Path>();
    for (var file : files) {
      var name = file.getFileName().toString();
      var cache = file.resolveSibling("__pycache__");
      if (name.endsWith(".py") && Files.isDirectory(cache, LinkOption.NOFOLLOW_LINKS)) {
        var begin = name.substring(0, name.length() - 2);
        try (DirectoryStream<Path> entries =
            Files.newDirectoryStream(cache, entry -> isCompiled(begin, entry))) {
          entries.forEach(entry -> sources.put(entry, file));
        }
      }
    }
    return sources;
  }

  /** {@code name.cpython-312.opt-1.pyc} */
  private static boolean isCompiled(String begin, Path entry) {
    var name = entry.getFileName().toString();
    return name.startsWith(begin)
        && name.substring(begin.length()).matches("[A-Za-z0-9_-]+(?:\\.opt-[A-Za-z0-9]+)?\\.pyc");
  }

  private void addDirectories(Path file, Set<Path> directories) {
    directories.add(file.resolveSibling("__pycache__"));
    for (var above = file.getParent(); !above.equals(root); above = above.getParent()) {
      directories.add(above);
    }
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.delete(directory);
      } catch (DirectoryNotEmptyException _) {
        // Somebody else has something there.
      }
    }
  }

  /** By its name and version others know it, by its list we know what is left of it. */
  private static void deleteInfo(Path info) throws IOException {
    Scratch.delete(info.resolve("METADATA"));
    Scratch.delete(info);
  }
}
