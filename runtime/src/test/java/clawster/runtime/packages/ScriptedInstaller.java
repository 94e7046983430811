package clawster.runtime.packages;

import clawster.packages.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Installs into a map; what comes of a call can be said before. */
final class ScriptedInstaller implements Installer {

  /** What becomes of one call, on the thread that makes it. */
  interface Turn {
    Outcome take(Runnable change, Consumer<String> progress) throws InterruptedException;
  }

  static final Outcome DONE = new Outcome.Done(List.of());

  private static final Turn USUAL =
      (change, progress) -> {
        change.run();
        progress.accept("done");
        return DONE;
      };

  private final PackageKind kind;
  private final Map<String, String> there = new TreeMap<>();
  private final ConcurrentLinkedQueue<Turn> turns = new ConcurrentLinkedQueue<>();
  private volatile boolean unseen;

  /** What it was asked to do, {@code +docx} or {@code -docx}. */
  final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();

  ScriptedInstaller(PackageKind kind) {
    this.kind = kind;
  }

  /** What becomes of the next call that nothing was said of. */
  ScriptedInstaller then(Turn turn) {
    turns.add(turn);
    return this;
  }

  /** Whether it can say what is there. */
  void unseen(boolean cannot) {
    unseen = cannot;
  }

  synchronized void put(String name, String version) {
    there.put(name, version);
  }

  synchronized void remove(String name) {
    there.remove(name);
  }

  synchronized List<String> there() {
    return List.copyOf(there.keySet());
  }

  @Override
  public PackageKind kind() {
    return kind;
  }

  @Override
  public Outcome install(PackageSpec spec, Consumer<String> progress) {
    return take(
        "+" + spec.ref().name(),
        () -> put(spec.ref().name(), spec.version().orElse("1")),
        progress);
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return take("-" + ref.name(), () -> remove(ref.name()), progress);
  }

  private Outcome take(String what, Runnable change, Consumer<String> progress) {
    asked.add(what);
    var turn = turns.poll();
    try {
      return (turn == null ? USUAL : turn).take(change, progress);
    } catch (InterruptedException e) {
      return new Outcome.Unknown("interrupted");
    }
  }

  @Override
  public synchronized List<InstalledPackage> list() throws IOException {
    if (unseen) {
      throw new IOException("nobody can see");
    }
    var all = new ArrayList<InstalledPackage>();
    there.forEach((name, version) -> all.add(new InstalledPackage(name, version)));
    return all;
  }
}
