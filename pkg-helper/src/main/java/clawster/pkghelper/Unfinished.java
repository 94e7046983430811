package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.NameRule;
import clawster.packages.PackageName;
import clawster.packages.Programs;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The change that is under way, noted before it begins and forgotten when it has ended well or is
 * reconciled: whoever finds the note afterwards knows what has to be looked at, and which process
 * may still be at it. A line of words: action, package, process, the moment it began.
 */
final class Unfinished {

  private static final String FILE = "unfinished";
  private static final String NO_NAME = "-";

  /** The kernel counts from the start of the machine; when that was, changes with its clock. */
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(3);

  /**
   * @param name there if the action is done to one
   * @param worker empty if it has ended, or is not known
   */
  record Change(Action action, Optional<PackageName> name, Optional<ProcessHandle> worker) {}

  private final OwnPlace place;
  private final NameRule rule;

  Unfinished(OwnPlace place, NameRule rule) {
    this.place = place;
    this.rule = rule;
  }

  /** The worker does not begin before this returns. */
  void begin(Action action, Optional<PackageName> name, ProcessHandle worker) throws IOException {
    var text = name.map(PackageName::text).orElse(NO_NAME);
    var began = worker.info().startInstant().map(Instant::toString).orElse("-");
    place.write(FILE, "%s %s %d %s\n".formatted(action.name(), text, worker.pid(), began));
  }

  /** Notes each program that is run for the change. */
  Programs.Watcher noting(Action action, Optional<PackageName> name, Consumer<String> progress) {
    return new Programs.Watcher() {
      @Override
      public void starts(ProcessHandle worker) throws IOException {
        begin(action, name, worker);
      }

      @Override
      public void said(String line) {
        progress.accept(line);
      }
    };
  }

  void forget() throws IOException {
    place.delete(FILE);
  }

  /** A note that makes no sense, or may be somebody else's, is none. */
  Optional<Change> find() throws IOException {
    if (!Files.exists(file(), LinkOption.NOFOLLOW_LINKS) || !place.isOwn(FILE)) {
      return Optional.empty();
    }
    try {
      var words = Files.readString(file()).strip().split(" ");
      return words.length == 4 ? change(words) : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private Optional<Change> change(String... words) {
    var action = Action.valueOf(words[0]);
    var name = PackageName.of(rule, words[1]);
    return action.isNamed() == name.isPresent()
        ? Optional.of(new Change(action, name, worker(words[2], words[3])))
        : Optional.empty();
  }

  private Path file() {
    return place.file(FILE);
  }

  /** Numbers are used again, so the moment it began has to be the same, as far as clocks tell. */
  private static Optional<ProcessHandle> worker(String pid, String began) {
    return pid.matches("\\d{1,10}")
        ? ProcessHandle.of(Long.parseLong(pid))
            .filter(
                process -> process.info().startInstant().filter(at -> near(at, began)).isPresent())
        : Optional.empty();
  }

  private static boolean near(Instant at, String began) {
    try {
      return Duration.between(at, Instant.parse(began)).abs().compareTo(CLOCKS_DIFFER) < 0;
    } catch (DateTimeException _) {
      return false;
    }
  }
}
