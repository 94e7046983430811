package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.PackageName;
import clawster.packages.Programs;
import java.io.IOException;

/**
 * Sees to a change of which nobody knows how it ended: lets it end, mends what it left, and has the
 * list say what is the case.
 */
record Reconciliation(
    Machine machine, WantedPackages wanted, Unfinished unfinished, Limits limits, Audit audit) {

  /** The note stays until all of it is done, the mending too. */
  void reconcile() throws IOException, Stop {
    var found = unfinished.find();
    if (found.isEmpty()) {
      unfinished.forget();
      return;
    }
    var left = found.get();
    left.worker().ifPresent(this::end);
    boolean mended = true;
    if (left.name().isPresent()) {
      mended = isMended(left);
      list(left.action(), left.name().get());
    }
    if (mended) {
      unfinished.forget();
    }
  }

  private void end(ProcessHandle worker) {
    Programs.await(worker, limits.operation());
    if (worker.isAlive()) {
      Programs.stop(worker);
    }
  }

  /** What cannot be mended, another package's perhaps, does not keep changes from being made. */
  private boolean isMended(Unfinished.Change left) throws IOException {
    var repair = machine.backEnd().repair();
    if (repair.isEmpty()) {
      return true;
    }
    try {
      machine.run(repair.get(), unfinished.noting(left.action(), left.name(), _ -> {}));
      return true;
    } catch (Stop stop) {
      audit.note("repair.failed", "error", stop.reply().error());
      return false;
    }
  }

  private void list(Action action, PackageName name) throws IOException, Stop {
    var now = machine.state(name).installed();
    if (action == Action.INSTALL && now.isPresent()) {
      wanted.add(name);
    } else if (action == Action.UNINSTALL && now.isEmpty()) {
      wanted.remove(name);
    }
    audit.note(
        "reconciled",
        "action",
        action.wire(),
        "package",
        name.text(),
        "installed",
        now.orElse("no"));
  }
}
