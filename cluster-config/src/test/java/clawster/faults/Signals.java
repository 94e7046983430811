package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Signals to processes that the rig has started; those that have gone are passed over. */
final class Signals {

  private Signals() {}

  static void send(String signal, List<ProcessHandle> processes) {
    var command = new ArrayList<>(List.of("kill", signal));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> command.add(String.valueOf(process.pid())));
    if (command.size() == 2) {
      return;
    }
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
