package clawster.cli;

import clawster.node.Settings;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The parent of several nodes on one machine: each is a process of its own, started again when it
 * ends, until the parent is told to stop. It does nothing else, so that nothing but a signal ends
 * it.
 */
final class Supervisor {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

  /** A node that lived this long is started again at once. */
  private static final Duration LIVED_WELL = Duration.ofSeconds(30);

  /** What a node ends with that could not start. */
  private static final int REFUSED = 1;

  private static final int STOP_SECONDS = 40;

  private static final String LOCK = "supervisor.lock";
  private static final String PID = "supervisor.pid";

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<Process> running = new ArrayList<>();

  private Supervisor() {}

  /** The supervisor of a data directory's nodes, if there is one. */
  static Optional<ProcessHandle> of(DataOption data) {
    return DataOption.isLocked(data.path().resolve(LOCK))
        ? DataOption.process(data.path().resolve(PID))
        : Optional.empty();
  }

  /**
   * Blocks until told to stop.
   *
   * @param settings of the first node
   */
  static int run(DataOption data, int nodes, Settings settings) throws IOException {
    if (nodes < 1 || nodes > Settings.MAX_NODES) {
      throw new StartRefused("--nodes must be from 1 to " + Settings.MAX_NODES + ", not " + nodes);
    }
    if (settings.port() > 0 && settings.port() + nodes - 1 > 65_535) {
      throw new StartRefused("there are not " + nodes + " ports from " + settings.port() + " on");
    }
    var lockFile = DataDirectory.file(data.path(), LOCK);
    try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null) {
        throw new StartRefused(
            "process %s already looks after the nodes of %s"
                .formatted(of(data).map(p -> String.valueOf(p.pid())).orElse("?"), data.path()));
      }
      Files.writeString(
          DataDirectory.file(data.path(), PID), String.valueOf(ProcessHandle.current().pid()));
      return new Supervisor().supervise(nodes, settings.port());
    }
  }

  private int supervise(int nodes, int port) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    var ends = new ArrayList<CompletableFuture<Integer>>();
    for (int node = 1; node <= nodes; node++) {
      var command = SameCommand.forNode(node, port == 0 ? 0 : port + node - 1);
      ends.add(CompletableFuture.supplyAsync(() -> keep(command), Supervisor::inThread));
    }
    return ends.stream().mapToInt(CompletableFuture::join).max().orElse(0);
  }

  private static void inThread(Runnable work) {
    Thread.ofPlatform().name("supervisor").start(work);
  }

  /** Ends when told to stop, or if the node cannot even be started for the first time. */
  private int keep(List<String> command) {
    var pause = Duration.ZERO;
    boolean first = true;
    while (stopping.getCount() > 0) {
      long began = System.nanoTime();
      int code = runOnce(command);
      var lived = Duration.ofNanos(System.nanoTime() - began);
      if (stopping.getCount() > 0) {
        System.out.printf(
            "clawster: a node has ended with code %d after %d s%n", code, lived.toSeconds());
      }
      if (first && code == REFUSED && lived.compareTo(LIVED_WELL) < 0) {
        stop();
        return code;
      }
      first = false;
      pause = pause(pause, code, lived);
      await(pause);
    }
    return 0;
  }

  /**
   * How long to wait before a node is started again: ever longer for one that never lives well, or
   * that could not even start, which takes half a minute to find out while its database is away.
   *
   * @param last how long it was the time before; zero the first time
   * @param code what the node has ended with
   */
  static Duration pause(Duration last, int code, Duration lived) {
    if (last.isZero() || code != REFUSED && lived.compareTo(LIVED_WELL) > 0) {
      return FIRST_PAUSE;
    }
    var twice = last.multipliedBy(2);
    return twice.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : twice;
  }

  private void await(Duration pause) {
    try {
      stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int runOnce(List<String> command) {
    try {
      Process process;
      synchronized (running) {
        if (stopping.getCount() == 0) {
          return 0;
        }
        process = new ProcessBuilder(command).inheritIO().start();
        running.add(process);
      }
      int code = process.waitFor();
      synchronized (running) {
        running.remove(process);
      }
      return code;
    } catch (IOException e) {
      System.err.println("clawster: a node cannot be started: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Tells all nodes to stop, and returns when they have. */
  private void stop() {
    List<Process> last;
    synchronized (running) {
      stopping.countDown();
      last = List.copyOf(running);
    }
    last.forEach(Process::destroy);
    for (var process : last) {
      try {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
