package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.NameRule;
import clawster.packages.PackageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The change that is under way, noted before it begins and forgotten when it is settled: whoever
 * finds the note afterwards knows what has to be looked at, and which process may still be at it. A
 * line of words: action, package, process, the moment it began.
 */
final class Unfinished {

  private static final String FILE = "unfinished";
  private static final String NOBODY = "- -";

  /**
   * @param worker empty if it has ended, or is not known
   */
  record Change(Action action, PackageName name, Optional<ProcessHandle> worker) {}

  private final OwnPlace place;
  private final NameRule rule;

  Unfinished(OwnPlace place, NameRule rule) {
    this.place = place;
    this.rule = rule;
  }

  void begin(Action action, PackageName name) throws IOException {
    note(action, name, NOBODY);
  }

  void begun(Action action, PackageName name, ProcessHandle worker) throws IOException {
    var began = worker.info().startInstant().map(Instant::toString).orElse("-");
    note(action, name, worker.pid() + " " + began);
  }

  private void note(Action action, PackageName name, String worker) throws IOException {
    place.write(FILE, "%s %s %s\n".formatted(action.name(), name.text(), worker));
  }

  void settled() throws IOException {
    place.delete(FILE);
  }

  /** A note that makes no sense, or may be somebody else's, is none. */
  Optional<Change> find() throws IOException {
    if (!Files.exists(file(), LinkOption.NOFOLLOW_LINKS) || !place.isOwn(FILE)) {
      return Optional.empty();
    }
    var words = Files.readString(file()).strip().split(" ");
    if (words.length != 4) {
      return Optional.empty();
    }
    try {
      var action = Action.valueOf(words[0]);
      return PackageName.of(rule, words[1])
          .map(name -> new Change(action, name, worker(words[2], words[3])));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Path file() {
    return place.file(FILE);
  }

  /** Numbers are used again, so the moment it began has to be the same. */
  private static Optional<ProcessHandle> worker(String pid, String began) {
    return pid.matches("\\d{1,10}")
        ? ProcessHandle.of(Long.parseLong(pid))
            .filter(
                process ->
                    process.info().startInstant().map(Instant::toString).orElse("").equals(began))
        : Optional.empty();
  }
}
