package clawster.pkghelper;

import clawster.packages.BackEnd;
import clawster.packages.FailureCode;
import clawster.packages.PackageName;
import clawster.packages.PackageState;
import clawster.packages.Programs;
import clawster.packages.Programs.End;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The system as its package manager shows and changes it.
 *
 * @param operation how long a change may take
 */
record Machine(BackEnd backEnd, Programs programs, Duration operation) {

  private static final Duration TO_ASK = Duration.ofMinutes(1);

  /** Returns if it went well. */
  void run(List<String> command, Programs.Watcher watcher) throws IOException, Stop {
    switch (programs.run(command, operation, watcher)) {
      case End.Stopped _ ->
          throw new Stop(FailureCode.TIMEOUT, "stopped after " + operation.toSeconds() + " s");
      case End.Exited end when !end.isGood() ->
          throw new Stop(
              backEnd.failure(end.said()), end.said() + " (exit code " + end.code() + ")");
      case End.Exited _ -> {}
    }
  }

  /** Not to be there is something the manager has to say: a question that failed is no answer. */
  PackageState state(PackageName name) throws IOException, Stop {
    var version = new AtomicReference<Optional<String>>(Optional.empty());
    var end =
        programs.run(
            backEnd.queryVersion(name),
            TO_ASK,
            Programs.watching(
                line ->
                    version.updateAndGet(known -> known.or(() -> backEnd.version(name, line)))));
    if (end instanceof End.Exited exited && (version.get().isPresent() || isAbsence(exited))) {
      return PackageState.of(name, version.get());
    }
    throw unanswered(end);
  }

  private boolean isAbsence(End.Exited end) {
    return end.isWhole()
        && (end.isGood()
            || end.code() == 1 && backEnd.failure(end.said()) == FailureCode.NOT_FOUND);
  }

  private static Stop unanswered(End end) {
    return switch (end) {
      case End.Stopped _ -> new Stop(FailureCode.TIMEOUT, "the package manager does not answer");
      case End.Exited exited ->
          new Stop(
              FailureCode.SYSTEM_ERROR,
              "whether it is installed cannot be told: %s (exit code %d)"
                  .formatted(exited.said(), exited.code()));
    };
  }

  /** A name that others provide would bring one of them, which nobody has named. */
  void mustHaveItself(PackageName name) throws IOException, Stop {
    var query = backEnd.queryCandidate(name);
    if (query.isEmpty()) {
      return;
    }
    var none = new AtomicBoolean();
    var end =
        programs.run(
            query.get(),
            TO_ASK,
            Programs.watching(
                line -> {
                  if (backEnd.isWithoutCandidate(line)) {
                    none.set(true);
                  }
                }));
    if (!(end instanceof End.Exited exited && exited.isGood() && exited.isWhole())) {
      throw new Stop(FailureCode.SYSTEM_ERROR, "what the name stands for cannot be told");
    }
    if (none.get()) {
      throw new Stop(FailureCode.NOT_FOUND, "there is no package of that name itself to install");
    }
  }
}
