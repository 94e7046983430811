package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.BackEnd;
import clawster.packages.FailureCode;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.PackageState;
import clawster.packages.Reply;
import clawster.pkghelper.Programs.End;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Does what was ordered: changes one at a time and in the order they came, each noted before it
 * begins; questions at any time.
 */
final class Operations {

  private static final Duration TO_ASK = Duration.ofMinutes(1);
  private static final int MAX_OUTDATED = 2000;

  private final BackEnd backEnd;
  private final Programs programs;
  private final WantedPackages wanted;
  private final Unfinished unfinished;
  private final Limits limits;
  private final Audit audit;

  private final ReentrantLock turn = new ReentrantLock(true);

  Operations(
      BackEnd backEnd,
      Programs programs,
      WantedPackages wanted,
      Unfinished unfinished,
      Limits limits,
      Audit audit) {
    this.backEnd = backEnd;
    this.programs = programs;
    this.wanted = wanted;
    this.unfinished = unfinished;
    this.limits = limits;
    this.audit = audit;
  }

  /** Something a machine refused, as a reply. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Reply.Failed reply;

    Stop(FailureCode code, String error) {
      super(error, null, false, false);
      reply = new Reply.Failed(code, error);
    }
  }

  @FunctionalInterface
  private interface Work {
    Reply get() throws IOException, Stop;
  }

  /**
   * Never anything but {@link Reply.Done} or {@link Reply.Failed}.
   *
   * @param progress is told what the package manager says, by another thread
   */
  Reply perform(Order order, Consumer<String> progress) {
    return order.action().isChanging()
        ? alone(() -> changed(order, progress))
        : caught(() -> answered(order));
  }

  private Reply answered(Order order) throws IOException, Stop {
    return switch (order.action()) {
      case QUERY -> new Reply.Done(List.of(state(order.name().orElseThrow())));
      case LIST -> listed();
      case LIST_OUTDATED -> outdated();
      case INSTALL, UNINSTALL, UPGRADE, UPDATE_INDEX -> throw new IllegalArgumentException();
    };
  }

  /** A change that failed by itself is over; one that was stopped is looked at. */
  private Reply changed(Order order, Consumer<String> progress) throws IOException, Stop {
    settle();
    try {
      return change(order, progress);
    } catch (Stop stop) {
      if (stop.reply.code() == FailureCode.TIMEOUT) {
        settle();
      }
      unfinished.settled();
      throw stop;
    }
  }

  private Reply change(Order order, Consumer<String> progress) throws IOException, Stop {
    return switch (order.action()) {
      case INSTALL -> install(order.name().orElseThrow(), progress);
      case UNINSTALL -> uninstall(order.name().orElseThrow(), progress);
      case UPGRADE -> upgrade(order.name().orElseThrow(), progress);
      case UPDATE_INDEX -> {
        run(backEnd.updateIndex(), Programs.watching(progress));
        yield new Reply.Done(List.of());
      }
      case QUERY, LIST, LIST_OUTDATED -> throw new IllegalArgumentException();
    };
  }

  /** What is wanted and missing, each for itself: a container is new, its volume is not. */
  void restore() {
    var settled =
        alone(
            () -> {
              settle();
              return new Reply.Done(List.of());
            });
    noteFailure("", settled);
    for (var name : wanted.all()) {
      var order = new Order(Action.INSTALL, Optional.of(name), false);
      noteFailure(name.text(), perform(order, _ -> {}));
    }
  }

  private void noteFailure(String name, Reply reply) {
    if (reply instanceof Reply.Failed(var code, var error)) {
      audit.note("restore.failed", "package", name, "code", code.wire(), "error", error);
    }
  }

  // --- changes ---------------------------------------------------------------------------------

  /** What is there already belongs to the system, or was listed when it came. */
  private Reply install(PackageName name, Consumer<String> progress) throws IOException, Stop {
    var before = state(name);
    if (before.installed().isPresent()) {
      return new Reply.Done(List.of(before));
    }
    if (wanted.isFull() && !wanted.contains(name)) {
      throw new Stop(FailureCode.CONFLICT, "there are too many packages already");
    }
    var watcher = noting(Action.INSTALL, name, progress);
    try {
      run(backEnd.install(name), watcher);
    } catch (Stop stop) {
      if (stop.reply.code() != FailureCode.NOT_FOUND) {
        throw stop;
      }
      run(backEnd.updateIndex(), watcher);
      run(backEnd.install(name), watcher);
    }
    var after = state(name);
    if (after.installed().isEmpty()) {
      throw new Stop(FailureCode.NOT_FOUND, "no package of that name came of it");
    }
    wanted.add(name);
    unfinished.settled();
    return new Reply.Done(List.of(after));
  }

  private Reply uninstall(PackageName name, Consumer<String> progress) throws IOException, Stop {
    var before = state(name);
    if (!wanted.contains(name) && before.installed().isPresent()) {
      throw new Stop(
          FailureCode.PERMISSION, "not installed by the helper, so it is not its to remove");
    }
    if (before.installed().isPresent()) {
      run(backEnd.uninstall(name), noting(Action.UNINSTALL, name, progress));
    }
    wanted.remove(name);
    unfinished.settled();
    return new Reply.Done(List.of(state(name)));
  }

  private Reply upgrade(PackageName name, Consumer<String> progress) throws IOException, Stop {
    if (state(name).installed().isEmpty()) {
      throw new Stop(FailureCode.NOT_FOUND, "not installed");
    }
    run(backEnd.upgrade(name), noting(Action.UPGRADE, name, progress));
    unfinished.settled();
    return new Reply.Done(List.of(state(name)));
  }

  private Programs.Watcher noting(Action action, PackageName name, Consumer<String> progress) {
    return new Programs.Watcher() {
      @Override
      public void starts(ProcessHandle worker) throws IOException {
        unfinished.begin(action, name, worker);
      }

      @Override
      public void said(String line) {
        progress.accept(line);
      }
    };
  }

  /**
   * Sees to a change of which nobody knows how it ended: lets it end, mends what it left, and has
   * the list say what is the case.
   */
  private void settle() throws IOException, Stop {
    var found = unfinished.find();
    if (found.isPresent()) {
      var left = found.get();
      left.worker().ifPresent(this::end);
      if (backEnd.repair().isPresent()) {
        programs.run(backEnd.repair().get(), limits.operation(), Programs.watching(_ -> {}));
      }
      var now = state(left.name()).installed();
      if (left.action() == Action.INSTALL && now.isPresent()) {
        wanted.add(left.name());
      } else if (left.action() == Action.UNINSTALL && now.isEmpty()) {
        wanted.remove(left.name());
      }
      audit.note(
          "reconciled",
          "action",
          left.action().wire(),
          "package",
          left.name().text(),
          "installed",
          now.orElse("no"));
    }
    unfinished.settled();
  }

  private void end(ProcessHandle worker) {
    Programs.await(worker, limits.operation());
    if (worker.isAlive()) {
      Programs.stop(worker);
    }
  }

  // --- questions -------------------------------------------------------------------------------

  private PackageState state(PackageName name) throws IOException, Stop {
    var version = new AtomicReference<Optional<String>>(Optional.empty());
    var end =
        programs.run(
            backEnd.queryVersion(name),
            TO_ASK,
            Programs.watching(
                line ->
                    version.updateAndGet(known -> known.or(() -> backEnd.version(name, line)))));
    if (end instanceof End.Stopped) {
      throw new Stop(FailureCode.TIMEOUT, "the package manager does not answer");
    }
    return PackageState.of(name, version.get());
  }

  private Reply listed() throws IOException, Stop {
    var states = new ArrayList<PackageState>();
    for (var name : wanted.all()) {
      states.add(state(name));
    }
    return new Reply.Done(states);
  }

  private Reply outdated() throws IOException, Stop {
    var found = new ArrayList<PackageState>();
    run(
        backEnd.listOutdated(),
        Programs.watching(
            line -> {
              if (found.size() < MAX_OUTDATED) {
                backEnd.outdated(line).ifPresent(found::add);
              }
            }));
    return new Reply.Done(found);
  }

  // --- both ------------------------------------------------------------------------------------

  private void run(List<String> command, Programs.Watcher watcher) throws IOException, Stop {
    switch (programs.run(command, limits.operation(), watcher)) {
      case End.Stopped _ ->
          throw new Stop(
              FailureCode.TIMEOUT, "stopped after " + limits.operation().toSeconds() + " s");
      case End.Exited end when !end.isGood() ->
          throw new Stop(
              backEnd.failure(end.said()), end.said() + " (exit code " + end.code() + ")");
      case End.Exited _ -> {}
    }
  }

  private Reply alone(Work work) {
    try {
      if (!turn.tryLock(limits.waiting().toMillis(), TimeUnit.MILLISECONDS)) {
        return new Reply.Failed(FailureCode.LOCKED, "another change is still under way");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Reply.Failed(FailureCode.LOCKED, "the helper ends");
    }
    try {
      return caught(work);
    } finally {
      turn.unlock();
    }
  }

  private static Reply caught(Work work) {
    try {
      return work.get();
    } catch (Stop stop) {
      return stop.reply;
    } catch (IOException e) {
      return new Reply.Failed(code(e), String.valueOf(e.getMessage()));
    }
  }

  private static FailureCode code(IOException e) {
    var why = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return why != null && why.contains("No space left")
        ? FailureCode.DISK_FULL
        : FailureCode.SYSTEM_ERROR;
  }
}
