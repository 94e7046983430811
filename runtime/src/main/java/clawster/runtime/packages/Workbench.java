package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.Programs;
import clawster.packages.Programs.End;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where one kind of packages is installed: changes are made alone, in a scratch.
 *
 * @param environment besides what the directory has for all of them
 * @param failure what it means that a program failed, by what it said
 */
record Workbench(
    PackageKind kind,
    RuntimeDirectory directory,
    InstallLimits limits,
    Map<String, String> environment,
    Function<String, Outcome.Failed> failure) {

  /** Our own group may read what is installed, others need not. */
  private static final String UMASK = "027";

  @FunctionalInterface
  interface Work {
    Outcome in(Scratch scratch) throws IOException;
  }

  Outcome alone(Work work) {
    try {
      var turn = directory.turn(kind, limits.waiting());
      return turn.isPresent()
          ? alone(turn.get(), work)
          : new Outcome.Failed(
              FailureCode.LOCKED, "somebody else is installing into the same directory");
    } catch (IOException e) {
      return failed(e);
    }
  }

  private Outcome alone(Turn turn, Work work) throws IOException {
    try (turn;
        var scratch = directory.scratch(kind)) {
      return work.in(scratch);
    }
  }

  /** Empty if it went well. */
  Optional<Outcome.Failed> run(List<String> command, Scratch scratch, Consumer<String> progress)
      throws IOException {
    var programs = programs(scratch.environment());
    if (programs.find(command.getFirst()).isEmpty()) {
      return Optional.of(
          new Outcome.Failed(FailureCode.HELPER_UNAVAILABLE, "there is no " + command.getFirst()));
    }
    var end = programs.run(command, limits.operation(), telling(progress));
    return switch (end) {
      case End.Stopped _ -> Optional.of(stopped());
      case End.Exited(int code, String said, _, _) when code != 0 ->
          Optional.of(failure.apply(said.isBlank() ? "exit code " + code : said));
      case End.Exited _ -> Optional.empty();
    };
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
    var why = String.valueOf(e.getMessage());
    return new Outcome.Failed(
        why.contains("No space left") ? FailureCode.DISK_FULL : FailureCode.SYSTEM_ERROR,
        Line.of(why));
  }
}
