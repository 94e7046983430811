package clawster.cli;

import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts this very command again without a terminal and waits until it serves. */
final class Background {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private Background() {}

  /**
   * @param node the first that is to be up
   * @param nodes how many are
   */
  static int start(DataOption data, int node, int nodes) throws IOException, InterruptedException {
    var running = data.running(node);
    if (running.isPresent()) {
      throw new StartRefused(
          "a node already runs on "
              + data.path()
              + " (pid "
              + running.get().process().pid()
              + "); --node N adds another one");
    }
    var log = DataDirectory.file(data.path(), DataDirectory.nodeFile(node, "log"));
    var process =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    return await(process, nodes, log);
  }

  private static List<String> command() {
    var command = SameCommand.inForeground();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.addFirst("/usr/bin/setsid");
    }
    return command;
  }

  private static int await(Process process, int nodes, Path log)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (process.waitFor(Duration.ofMillis(100))) {
        Files.readString(log).lines().filter(line -> !line.isBlank()).forEach(System.err::println);
        return 1;
      }
      var up = Files.readString(log).lines().filter(line -> line.startsWith("Clawster is up"));
      var lines = up.toList();
      if (lines.size() >= nodes) {
        lines.forEach(
            line -> System.out.println(line + " (pid " + process.pid() + ", log " + log + ")"));
        return 0;
      }
    }
    process.destroy();
    throw new StartRefused("the node was not up within " + PATIENCE.toSeconds() + " s; see " + log);
  }
}
