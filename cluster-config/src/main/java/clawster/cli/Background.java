package clawster.cli;

import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts this very command again without a terminal and waits until it serves. */
final class Background {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private Background() {}

  static int start(DataOption data) throws IOException, InterruptedException {
    if (data.process().isPresent()) {
      throw new StartRefused(
          "a node already runs on " + data.path() + " (pid " + data.process().get().pid() + ")");
    }
    var log = DataDirectory.file(data.path(), "node.log");
    var process =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    return await(process, data, log);
  }

  private static List<String> command() {
    var self = ProcessHandle.current().info();
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(self.command().orElseThrow());
    for (var argument : self.arguments().orElseThrow()) {
      if (!argument.equals("--detach")) {
        command.add(argument);
      }
    }
    return command;
  }

  private static int await(Process process, DataOption data, Path log)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (process.waitFor(Duration.ofMillis(100))) {
        Files.readString(log).lines().filter(line -> !line.isBlank()).forEach(System.err::println);
        return 1;
      }
      var up = Files.readString(log).lines().filter(line -> line.startsWith("Clawster is up"));
      var line = up.findFirst();
      if (line.isPresent()) {
        System.out.println(line.get() + " (pid " + process.pid() + ", log " + log + ")");
        return 0;
      }
    }
    process.destroy();
    throw new StartRefused("the node was not up within " + PATIENCE.toSeconds() + " s; see " + log);
  }
}
