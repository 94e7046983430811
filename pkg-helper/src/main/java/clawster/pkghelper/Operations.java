package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.BackEnd;
import clawster.packages.FailureCode;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.Programs;
import clawster.packages.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Does what was ordered: changes one at a time and in the order they came, each noted before it
 * begins; questions at any time.
 */
final class Operations {

  private final BackEnd backEnd;
  private final Machine machine;
  private final WantedPackages wanted;
  private final Unfinished unfinished;
  private final Limits limits;
  private final Audit audit;
  private final Reconciliation reconciliation;

  private final ReentrantLock turn = new ReentrantLock(true);

  Operations(
      BackEnd backEnd,
      Programs programs,
      WantedPackages wanted,
      Unfinished unfinished,
      Limits limits,
      Audit audit) {
    this.backEnd = backEnd;
    machine = new Machine(backEnd, programs, limits.operation());
    this.wanted = wanted;
    this.unfinished = unfinished;
    this.limits = limits;
    this.audit = audit;
    reconciliation = new Reconciliation(machine, wanted, unfinished, limits, audit);
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
      case QUERY -> new Reply.Done(List.of(machine.state(order.name().orElseThrow())));
      case LIST -> new Reply.Done(machine.states(wanted.all()));
      case LIST_OUTDATED -> new Reply.Done(machine.outdated());
      case INSTALL, UNINSTALL, UPGRADE, UPDATE_INDEX -> throw new IllegalArgumentException();
    };
  }

  /** One that failed, by itself or by us, may have got halfway, or all the way. */
  private Reply changed(Order order, Consumer<String> progress) throws IOException, Stop {
    reconciliation.reconcile();
    try {
      var reply = change(order, unfinished.noting(order.action(), order.name(), progress));
      unfinished.forget();
      return reply;
    } catch (Stop stop) {
      reconcileAfterwards();
      throw stop;
    }
  }

  /** Its own failure is not the answer; then the note stays, for the next change. */
  private void reconcileAfterwards() {
    try {
      reconciliation.reconcile();
    } catch (IOException | Stop e) {
      audit.note("reconciliation.failed", "error", String.valueOf(e.getMessage()));
    }
  }

  private Reply change(Order order, Programs.Watcher watcher) throws IOException, Stop {
    return switch (order.action()) {
      case INSTALL -> install(order.name().orElseThrow(), watcher);
      case UNINSTALL -> uninstall(order.name().orElseThrow(), watcher);
      case UPGRADE -> upgrade(order.name().orElseThrow(), watcher);
      case UPDATE_INDEX -> {
        machine.run(backEnd.updateIndex(), watcher);
        yield new Reply.Done(List.of());
      }
      case QUERY, LIST, LIST_OUTDATED -> throw new IllegalArgumentException();
    };
  }

  /** What is wanted and missing, each for itself: a container is new, its volume is not. */
  void restore() {
    var reconciled =
        alone(
            () -> {
              reconciliation.reconcile();
              return new Reply.Done(List.of());
            });
    noteFailure("", reconciled);
    for (var name : wanted.all()) {
      var order = new Order(Action.INSTALL, Optional.of(name), false);
      noteFailure(name.text(), alone(() -> restored(name, order)));
    }
  }

  /** Somebody may have had it removed while it waited for its turn. */
  private Reply restored(PackageName name, Order order) throws IOException, Stop {
    return wanted.contains(name) ? changed(order, _ -> {}) : new Reply.Done(List.of());
  }

  private void noteFailure(String name, Reply reply) {
    if (reply instanceof Reply.Failed(var code, var error)) {
      audit.note("restore.failed", "package", name, "code", code.wire(), "error", error);
    }
  }

  // --- changes ---------------------------------------------------------------------------------

  /** What is there already belongs to the system, or was listed when it came. */
  private Reply install(PackageName name, Programs.Watcher watcher) throws IOException, Stop {
    var before = machine.state(name);
    if (before.installed().isPresent()) {
      return new Reply.Done(List.of(before));
    }
    if (wanted.isFull() && !wanted.contains(name)) {
      throw new Stop(FailureCode.CONFLICT, "there are too many packages already");
    }
    withANewIndex(
        watcher,
        () -> {
          machine.mustHaveItself(name);
          machine.run(backEnd.install(name), watcher);
        });
    var after = machine.state(name);
    if (after.installed().isEmpty()) {
      machine.run(backEnd.uninstall(name), watcher);
      throw new Stop(FailureCode.NOT_FOUND, "no package of that name came of it");
    }
    wanted.add(name);
    return new Reply.Done(List.of(after));
  }

  private Reply uninstall(PackageName name, Programs.Watcher watcher) throws IOException, Stop {
    var before = machine.state(name);
    if (!wanted.contains(name) && before.installed().isPresent()) {
      throw new Stop(
          FailureCode.PERMISSION, "not installed by the helper, so it is not its to remove");
    }
    if (before.installed().isPresent()) {
      machine.run(backEnd.uninstall(name), watcher);
    }
    wanted.remove(name);
    return new Reply.Done(List.of(machine.state(name)));
  }

  private Reply upgrade(PackageName name, Programs.Watcher watcher) throws IOException, Stop {
    if (machine.state(name).installed().isEmpty()) {
      throw new Stop(FailureCode.NOT_FOUND, "not installed");
    }
    withANewIndex(watcher, () -> machine.run(backEnd.upgrade(name), watcher));
    return new Reply.Done(List.of(machine.state(name)));
  }

  @FunctionalInterface
  private interface Step {
    void go() throws IOException, Stop;
  }

  /** If something is not found: an old index does not have it, or has what its mirror dropped. */
  private void withANewIndex(Programs.Watcher watcher, Step step) throws IOException, Stop {
    try {
      step.go();
    } catch (Stop stop) {
      if (stop.reply().code() != FailureCode.NOT_FOUND) {
        throw stop;
      }
      afterAnUpdate(watcher, step);
    }
  }

  /**
   * Where one of several sources is away the others may have it. If they do not, it is not to be
   * said that there is no such package.
   */
  private void afterAnUpdate(Programs.Watcher watcher, Step step) throws IOException, Stop {
    var failed = Optional.<Stop>empty();
    try {
      machine.run(backEnd.updateIndex(), watcher);
    } catch (Stop stop) {
      failed = Optional.of(stop);
    }
    try {
      step.go();
    } catch (Stop stop) {
      throw failed
          .filter(_ -> stop.reply().code() == FailureCode.NOT_FOUND)
          .map(Operations::ofSources)
          .orElse(stop);
    }
  }

  /** What is not found then is a source. */
  private static Stop ofSources(Stop stop) {
    return stop.reply().code() == FailureCode.NOT_FOUND
        ? new Stop(FailureCode.NETWORK, stop.reply().error())
        : stop;
  }

  // --- questions and changes -------------------------------------------------------------------

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
      return stop.reply();
    } catch (IOException e) {
      return new Reply.Failed(FailureCode.of(e), String.valueOf(e.getMessage()));
    }
  }
}
