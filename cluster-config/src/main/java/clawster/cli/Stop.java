package clawster.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code clawster stop}: asks the node of a data directory to stop and waits for it. */
@Command(name = "stop", description = "Stop a node.", mixinStandardHelpOptions = true)
final class Stop implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 40;

  @Mixin private DataOption data;

  @Override
  public Integer call() throws Exception {
    var process = data.process();
    if (process.isEmpty()) {
      System.out.println("no node runs on " + data.path());
      return 1;
    }
    process.get().destroy();
    try {
      process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      System.err.printf("pid %d has not stopped yet%n", process.get().pid());
      return 1;
    }
    System.out.println("stopped");
    return 0;
  }
}
