package clawster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code clawster stop}: asks the nodes of a data directory to stop and waits for them. */
@Command(name = "stop", description = "Stop all nodes, or one.", mixinStandardHelpOptions = true)
final class Stop implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 40;

  @Mixin private DataOption data;

  @Option(names = "--node", paramLabel = "K", description = "Only the Kth node.")
  private Integer node;

  @Override
  public Integer call() throws Exception {
    var processes = processes();
    if (processes.isEmpty()) {
      System.out.println("no node runs on " + data.path());
      return 1;
    }
    processes.forEach(ProcessHandle::destroy);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (var process : processes) {
      try {
        process.onExit().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        System.err.printf("pid %d has not stopped yet%n", process.pid());
        return 1;
      }
    }
    System.out.println("stopped");
    return 0;
  }

  /** A supervisor first, which would start its nodes again. */
  private List<ProcessHandle> processes() {
    if (node != null) {
      return data.running(node).stream().map(DataOption.Running::process).toList();
    }
    return Stream.concat(
            Supervisor.of(data).stream(), data.running().stream().map(DataOption.Running::process))
        .toList();
  }
}
