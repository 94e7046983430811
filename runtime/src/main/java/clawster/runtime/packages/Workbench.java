package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.PackageState;
import clawster.packages.Programs;
import clawster.packages.Programs.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where one kind of packages is installed: changes are made alone, in a scratch.
 *
 * @param environment besides what the directory has for all of them
 * @param failure what it means that a program failed, by what it said and left
 */
record Workbench(
    PackageKind kind,
    RuntimeDirectory directory,
    InstallLimits limits,
    Map<String, String> environment,
    Failure failure) {

  /** Our own group may read what is installed, others need not. */
  private static final String UMASK = "027";

  /** Longer than files are moved for one package and all that it brings. */
  private static final Duration TO_SETTLE = Duration.ofSeconds(30);

  /** How much later than here a program is stopped by itself, should there be no here any more. */
  private static final Duration ITS_OWN_DEADLINE = Duration.ofMinutes(1);

  private static final Duration TO_ASK = Duration.ofSeconds(5);

  @FunctionalInterface
  interface Failure {
    Outcome.Failed of(String said, Scratch scratch) throws IOException;
  }

  @FunctionalInterface
  interface Work {
    Outcome in(Scratch scratch) throws IOException;
  }

  @FunctionalInterface
  interface Question<T> {
    T answer() throws IOException;
  }

  /**
   * @param there what is to be said if nothing has to be done, which may be so by the time it is
   *     our turn: another node wants the same
   */
  Outcome alone(Question<Optional<Outcome.Done>> there, Work work) {
    var end = System.nanoTime() + limits.waiting().toNanos();
    try {
      var turn = directory.turn(kind, limits.waiting());
      return turn.isPresent() ? alone(turn.get(), end, there, work) : locked();
    } catch (IOException e) {
      return failed(e);
    }
  }

  Outcome alone(Work work) {
    return alone(Optional::empty, work);
  }

  private Outcome alone(Turn turn, long end, Question<Optional<Outcome.Done>> there, Work work)
      throws IOException {
    try (turn) {
      if (isWorkedOnUntil(end)) {
        return locked();
      }
      var done = there.answer();
      if (done.isPresent()) {
        return done.get();
      }
      try (var scratch = directory.scratch(kind)) {
        return work.in(scratch);
      }
    }
  }

  static Outcome.Done done(PackageRef ref, Optional<String> version) {
    return new Outcome.Done(List.of(new PackageState(ref.name(), version, Optional.empty())));
  }

  static Outcome nothingCame() {
    return new Outcome.Failed(FailureCode.NOT_FOUND, "no package of that name came of it");
  }

  private static Outcome locked() {
    return new Outcome.Failed(
        FailureCode.LOCKED, "somebody else is installing into the same directory");
  }

  /** Who had the turn before may have been killed, and the program it started may work on. */
  private boolean isWorkedOnUntil(long end) throws IOException {
    while (!isFree()) {
      if (System.nanoTime() >= end) {
        return true;
      }
      Turn.pause();
    }
    return false;
  }

  private boolean isFree() throws IOException {
    var asked = programs(Map.of()).run(holdingTheLock("true"), TO_ASK, 0);
    return asked instanceof End.Exited end && end.isGood();
  }

  /** It becomes the program, which then has the lock; what others may have left open does not. */
  private List<String> holdingTheLock(String program) {
    return List.of("flock", "--nonblock", "--no-fork", directory.worker(kind).toString(), program);
  }

  /** While nobody else moves what is installed. */
  <T> T undisturbed(Question<T> question) throws IOException {
    try (var _ =
        directory
            .contents(kind, TO_SETTLE)
            .orElseThrow(() -> new IOException("what is installed is being moved"))) {
      return question.answer();
    }
  }

  /** Empty if it went well. */
  Optional<Outcome.Failed> run(List<String> command, Scratch scratch, Consumer<String> progress)
      throws IOException {
    var programs = programs(scratch.environment());
    var program = programs.find(command.getFirst());
    if (program.isEmpty()) {
      return Optional.of(
          new Outcome.Failed(FailureCode.HELPER_UNAVAILABLE, "there is no " + command.getFirst()));
    }
    var words = new ArrayList<>(within(limits.operation().plus(ITS_OWN_DEADLINE)));
    words.addAll(holdingTheLock(program.get().toString()));
    words.addAll(command.subList(1, command.size()));
    return switch (programs.run(words, limits.operation(), telling(progress))) {
      case End.Stopped _ -> Optional.of(stopped());
      case End.Exited(int code, String said, _, _) when code != 0 ->
          Optional.of(failure.of(said.isBlank() ? "exit code " + code : said, scratch));
      case End.Exited _ -> Optional.empty();
    };
  }

  private static List<String> within(Duration deadline) {
    return List.of("timeout", "--kill-after=10", String.valueOf(deadline.toSeconds()));
  }

  private Programs programs(Map<String, String> more) {
    var all = new HashMap<>(directory.ofInstallers(kind));
    all.putAll(environment);
    all.putAll(more);
    return new Programs(directory.node().path(), all, directory.empty(), UMASK);
  }

  private Outcome.Failed stopped() {
    return new Outcome.Failed(
        FailureCode.TIMEOUT, "stopped after " + limits.operation().toSeconds() + " s");
  }

  /** Both outputs are read at once, and told one line at a time. */
  private static Programs.Watcher telling(Consumer<String> progress) {
    return new Programs.Watcher() {
      @Override
      public void starts(ProcessHandle worker) {}

      @Override
      public synchronized void said(String line) {
        progress.accept(Line.of(line));
      }

      @Override
      public void complained(String line) {
        said(line);
      }
    };
  }

  private static Outcome failed(IOException e) {
    return new Outcome.Failed(FailureCode.of(e), Line.of(String.valueOf(e.getMessage())));
  }
}
