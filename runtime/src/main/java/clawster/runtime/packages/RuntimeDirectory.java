package clawster.runtime.packages;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where Python's and Node's packages are installed, for all nodes that are given the same one; it
 * outlives the container.
 *
 * @param base has no links in it
 */
public record RuntimeDirectory(Path base, NodeEnvironment node) {

  private static final List<String> PLACES =
      List.of("pip", "pip-cache", "npm-global", "npm-cache", "empty");

  /** Where images have the packages they were built with. */
  private static final String NODE_MODULES_OF_THE_IMAGE = "/usr/local/lib/node_modules";

  /** Makes what is missing of it, and refuses what others could have made. */
  public static RuntimeDirectory open(Path base, NodeEnvironment node) throws IOException {
    Files.createDirectories(base.toAbsolutePath().getParent());
    make(base);
    mustBeOurs(base);
    for (var place : PLACES) {
      make(base.resolve(place));
      mustBeOurs(base.resolve(place));
    }
    return new RuntimeDirectory(base.toRealPath(), node);
  }

  private static void make(Path directory) throws IOException {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    } catch (FileAlreadyExistsException _) {
      // Whether it is a directory is looked at.
    }
  }

  /**
   * What somebody else owns is theirs to change, now or later. A volume may be root's, and made
   * writable to a group that is given to us alone, so groups are not asked.
   */
  private static void mustBeOurs(Path directory) throws IOException {
    var is = Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!is.isDirectory()) {
      throw new IOException(directory + " is not a directory");
    }
    if (!is.owner().equals(self()) && !isRoots(directory)) {
      throw new IOException(directory + " belongs to " + is.owner().getName());
    }
    if (is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(directory + " may be written by others");
    }
  }

  private static UserPrincipal self() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }

  private static boolean isRoots(Path directory) throws IOException {
    return (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS) == 0;
  }

  // --- places ----------------------------------------------------------------------------------

  Path pip() {
    return base.resolve("pip");
  }

  Path npm() {
    return base.resolve("npm-global");
  }

  Path npmModules() {
    return npm().resolve("lib/node_modules");
  }

  Path npmCache() {
    return base.resolve("npm-cache");
  }

  /** Where programs begin, so that they take nothing for theirs that happens to lie there. */
  Path empty() {
    return base.resolve("empty");
  }

  // --- how others find it ----------------------------------------------------------------------

  /** What tools of agents are given, besides whatever else they have. */
  public Map<String, String> environment() {
    return Map.of(
        "PATH", joined(Stream.concat(programs().stream(), node.path().stream())),
        "PYTHONPATH", with(List.of(pip()), "PYTHONPATH"),
        "PIP_TARGET", pip().toString(),
        "PIP_BREAK_SYSTEM_PACKAGES", "1",
        "PIP_CACHE_DIR", base.resolve("pip-cache").toString(),
        "NPM_CONFIG_PREFIX", npm().toString(),
        "NODE_PATH", with(List.of(Path.of(NODE_MODULES_OF_THE_IMAGE), npmModules()), "NODE_PATH"));
  }

  /**
   * What pip and npm are given. What was installed comes last of all programs and is not on
   * Python's path: a package that brings another {@code node} or {@code enum} would else keep
   * everybody from ever installing anything again.
   */
  Map<String, String> ofInstallers(PackageKind kind) {
    var all = new HashMap<>(node.passedOn(kind));
    all.putAll(environment());
    all.put("PATH", joined(Stream.concat(node.path().stream(), programs().stream())));
    all.remove("PYTHONPATH");
    all.remove("PIP_TARGET");
    all.put("HOME", empty().toString());
    all.put("LANG", "C.UTF-8");
    all.put("LC_ALL", "C.UTF-8");
    return all;
  }

  private List<Path> programs() {
    return List.of(npm().resolve("bin"), pip().resolve("bin"));
  }

  /** An empty place in such a list would be whatever directory a program runs in. */
  private String with(List<Path> ours, String variable) {
    var all = new ArrayList<>(ours.stream().map(Path::toString).toList());
    node.get(variable).ifPresent(all::add);
    return String.join(":", all);
  }

  private static String joined(Stream<Path> places) {
    return places.map(Path::toString).collect(Collectors.joining(":"));
  }

  // --- one at a time ---------------------------------------------------------------------------

  /** Empty if somebody else, on whatever node, was at it all the while. */
  Optional<Turn> turn(PackageKind kind, Duration patience) throws IOException {
    return Turn.take(base.resolve(kind.wire() + ".lock"), patience);
  }

  /**
   * To look at what is installed, or to put it there: between two looks nothing is half done. Whose
   * turn it is takes it for as long as files are moved, and not for all the time an installer
   * works.
   */
  Optional<Turn> contents(PackageKind kind, Duration patience) throws IOException {
    return Turn.take(base.resolve(kind.wire() + "-contents.lock"), patience);
  }

  /** Locked by a program that works here until it ends, whatever became of who started it. */
  Path worker(PackageKind kind) {
    return base.resolve(kind.wire() + "-worker.lock");
  }

  /** For whoever has the turn. */
  Scratch scratch(PackageKind kind) throws IOException {
    Scratch.empty(empty());
    return Scratch.at(base.resolve(kind.wire() + "-scratch"));
  }
}
