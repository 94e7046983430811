package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.runtime.packages.Packages.Presence;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where packages are looked at and changed, on this node: on threads that may block, one thing at a
 * time for each kind, whoever asked for it and may have died since.
 */
final class Workshop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

  /** More than any node has; whatever comes after them is not shown. */
  private static final int MOST_PACKAGES = 5_000;

  /** What was found, and by which programs. */
  record Found(Inventory inventory, List<LanguageRuntime> runtimes) {
    Found {
      runtimes = List.copyOf(runtimes);
    }
  }

  /** So long whatever is interrupted may take to end what it began. */
  private static final Duration TO_END = Duration.ofSeconds(25);

  private final Map<PackageKind, Installer> installers = new EnumMap<>(PackageKind.class);
  private final Map<PackageKind, ReentrantLock> locks = new EnumMap<>(PackageKind.class);
  private final Supplier<List<LanguageRuntime>> runtimes;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param runtimes which programs there are; may block
   */
  Workshop(Collection<Installer> installers, Supplier<List<LanguageRuntime>> runtimes) {
    installers.forEach(installer -> this.installers.put(installer.kind(), installer));
    for (var kind : PackageKind.values()) {
      locks.put(kind, new ReentrantLock());
    }
    this.runtimes = runtimes;
  }

  CompletionStage<Found> look(PackageKind kind) {
    return alone(
        kind,
        () -> {
          var found = runtimes.get();
          return new Found(inventory(kind, found), found);
        });
  }

  private Inventory inventory(PackageKind kind, List<LanguageRuntime> found) {
    boolean possible =
        found.stream().anyMatch(one -> one.name().equals(kind.runtime()) && one.available());
    if (!possible || !installers.containsKey(kind)) {
      return new Inventory.Nobody();
    }
    try {
      return Inventory.Listed.of(
          kind,
          installers.get(kind).list().stream().limit(MOST_PACKAGES).map(Workshop::cut).toList());
    } catch (IOException | RuntimeException e) {
      return new Inventory.Unclear(Line.of("what is installed cannot be seen: " + e.getMessage()));
    }
  }

  private static InstalledPackage cut(InstalledPackage one) {
    return new InstalledPackage(Line.of(one.name()), Line.of(one.version()));
  }

  /**
   * @param progress is told each line, on a thread of its own
   */
  CompletionStage<Outcome> bringAbout(Declaration declaration, Consumer<String> progress) {
    return alone(
        declaration.kind(),
        () -> {
          var installer = installers.get(declaration.kind());
          return declaration.presence() == Presence.INSTALLED
              ? installer.install(declaration.spec(), progress)
              : installer.uninstall(declaration.ref(), progress);
        });
  }

  private <T> CompletionStage<T> alone(PackageKind kind, Callable<T> work) {
    var done = new CompletableFuture<T>();
    try {
      threads.execute(() -> answer(done, kind, work));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /** Whatever is thrown: who waits must not wait for ever. */
  private <T> void answer(CompletableFuture<T> done, PackageKind kind, Callable<T> work) {
    var lock = locks.get(kind);
    try {
      lock.lockInterruptibly();
      try {
        done.complete(work.call());
      } finally {
        lock.unlock();
      }
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  /** What came of work that threw instead of saying so. */
  static Outcome thrown(Throwable failure) {
    return new Outcome.Failed(FailureCode.SYSTEM_ERROR, Line.of(String.valueOf(failure)));
  }

  /**
   * Interrupts whatever is going on, and waits until it has ended. What the helper has been asked
   * for it does to the end; other installers end what they began.
   */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Packages are still being changed, by whom does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
