package clawster.pkghelper;

import clawster.packages.BackEnd;
import clawster.packages.FailureCode;
import clawster.packages.PackageName;
import clawster.packages.PackageState;
import clawster.packages.Programs;
import clawster.packages.Programs.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The system as its package manager shows and changes it.
 *
 * @param operation how long a change may take
 */
record Machine(BackEnd backEnd, Programs programs, Duration operation) {

  private static final Duration TO_ASK = Duration.ofMinutes(1);
  private static final int MAX_OUTDATED = 2000;

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

  PackageState state(PackageName name) throws IOException, Stop {
    return states(List.of(name)).getFirst();
  }

  /** In the same order; one question, however many they are. */
  List<PackageState> states(List<PackageName> names) throws IOException, Stop {
    if (names.isEmpty()) {
      return List.of();
    }
    var asked = new LinkedHashMap<String, PackageState>();
    names.forEach(name -> asked.put(name.text(), PackageState.of(name, Optional.empty())));
    ask(
        backEnd.listInstalled(),
        line -> backEnd.installed(line).ifPresent(state -> note(state, asked)));
    return List.copyOf(asked.values());
  }

  /** One that is there for several architectures has several lines. */
  private static void note(PackageState state, Map<String, PackageState> asked) {
    asked.computeIfPresent(
        state.name(), (_, known) -> known.installed().isPresent() ? known : state);
  }

  /** Bounded, whatever the system has. */
  List<PackageState> outdated() throws IOException, Stop {
    var found = new ArrayList<PackageState>();
    ask(
        backEnd.listOutdated(),
        line -> {
          if (found.size() < MAX_OUTDATED) {
            backEnd.outdated(line).ifPresent(found::add);
          }
        });
    return found;
  }

  /** A name that others provide would bring one of them, which nobody has named. */
  void mustHaveItself(PackageName name) throws IOException, Stop {
    var query = backEnd.queryCandidate(name);
    if (query.isEmpty()) {
      return;
    }
    var none = new AtomicBoolean();
    ask(query.get(), line -> none.compareAndSet(false, backEnd.isWithoutCandidate(line)));
    if (none.get()) {
      throw new Stop(FailureCode.NOT_FOUND, "there is no package of that name itself to install");
    }
  }

  /**
   * A question that failed, or whose answer was not heard to its end, is no answer: not to be
   * installed is something the manager has to say. When this returns no more lines come.
   */
  private void ask(List<String> question, Consumer<String> lines) throws IOException, Stop {
    switch (programs.run(question, TO_ASK, Programs.watching(lines))) {
      case End.Stopped _ ->
          throw new Stop(FailureCode.TIMEOUT, "the package manager does not answer");
      case End.Exited end when !end.isGood() || !end.isWhole() ->
          throw new Stop(
              FailureCode.SYSTEM_ERROR,
              "the package manager cannot tell: %s (exit code %d)"
                  .formatted(end.said(), end.code()));
      case End.Exited _ -> {}
    }
  }
}
