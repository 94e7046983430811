package clawster.persistence.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs, which refuses root, and how it learns of its parent's death.
 *
 * <p>Root: first choice is a user namespace, where the server believes to be nobody while its files
 * stay root's; where that is forbidden (many containers) it really becomes nobody and gets the
 * directories. Anyone else: as oneself. The death signal is Linux's; without it (macOS, busybox)
 * the next watchdog stops the orphan instead, see {@link Postmaster}.
 */
record ServerAccount(List<String> prefix, boolean becomesNobody) {

  private static final int NOBODY = 65534;
  private static final List<String> NAMESPACE =
      List.of("unshare", "-U", "--map-user=" + NOBODY, "--map-group=" + NOBODY);
  private static final List<String> DEATH_SIGNAL = List.of("setpriv", "--pdeathsig", "INT");
  private static final List<String> NOBODY_ITSELF =
      List.of(
          "setpriv",
          "--reuid=" + NOBODY,
          "--regid=" + NOBODY,
          "--clear-groups",
          "--pdeathsig",
          "INT");

  static ServerAccount choose() {
    if (ownUid() != 0) {
      return new ServerAccount(works(DEATH_SIGNAL) ? DEATH_SIGNAL : List.of(), false);
    }
    List<String> namespace = Stream.concat(NAMESPACE.stream(), DEATH_SIGNAL.stream()).toList();
    if (works(namespace)) {
      return new ServerAccount(namespace, false);
    }
    return nobody();
  }

  static ServerAccount nobody() {
    if (!works(NOBODY_ITSELF)) {
      throw new StartRefused(
          "PostgreSQL does not run as root, and neither unshare -U nor setpriv --reuid works here:"
              + " start Clawster as another user or set "
              + DatabaseUrl.SETTING
              + ".");
    }
    return new ServerAccount(NOBODY_ITSELF, true);
  }

  static long ownUid() {
    return new UnixSystem().getUid();
  }

  List<String> command(String... words) {
    return Stream.concat(prefix.stream(), Stream.of(words)).toList();
  }

  /** Opens the way to the server's programs and checks that the directories above allow it. */
  void letIn(PostgresFiles files, PostgresBinaries binaries) throws IOException {
    if (!becomesNobody) {
      return;
    }
    PrivateFiles.passable(files.directory());
    PrivateFiles.passable(files.directory().getParent());
    if (!works(command(binaries.program("postgres"), "--version"))) {
      throw new StartRefused(
          ("PostgreSQL has to run as nobody here, who cannot reach %s: choose a data directory"
                  + " outside root's home, or start Clawster as another user.")
              .formatted(files.directory()));
    }
  }

  /**
   * Hands over what an earlier start, perhaps under the other arrangement, left to someone else.
   */
  void own(Path tree) throws IOException {
    long owner = becomesNobody ? NOBODY : ownUid();
    Optional<Path> top = Optional.of(tree).filter(Files::exists);
    if (top.isEmpty() || ((Number) Files.getAttribute(tree, "unix:uid")).longValue() == owner) {
      return;
    }
    List<Path> paths = new ArrayList<>();
    try (var walk = Files.walk(tree)) {
      walk.forEach(paths::add);
    }
    // The top last: an interrupted hand-over is then begun again.
    for (Path path : paths.reversed()) {
      Files.setAttribute(path, "unix:gid", (int) owner);
      Files.setAttribute(path, "unix:uid", (int) owner);
    }
  }

  private static boolean works(List<String> prefix) {
    List<String> command =
        prefix.getLast().equals("--version")
            ? prefix
            : Stream.concat(prefix.stream(), Stream.of("true")).toList();
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("The start was interrupted.", e);
    }
  }
}
