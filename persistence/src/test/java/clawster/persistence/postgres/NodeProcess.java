package clawster.persistence.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Another node of the same data directory: a JVM of its own that stays until told or killed. */
final class NodeProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader said;

  private NodeProcess(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName()));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    said = process.inputReader();
  }

  static NodeProcess claiming(Path directory) throws IOException {
    return new NodeProcess("claim", directory.toString());
  }

  static NodeProcess ensuring(Path directory, Path programs) throws IOException {
    return new NodeProcess("ensure", directory.toString(), programs.toString());
  }

  /** The rest of the first line that starts so; everything the process said if none does. */
  String awaitLine(String start) throws Exception {
    var line = new FutureTask<>(() -> line(start));
    Thread.startVirtualThread(line);
    return line.get(2, TimeUnit.MINUTES);
  }

  private String line(String start) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length()).strip();
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("the node ended without saying \"" + start + "\":\n" + all);
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Leaves as a node does, by ending. */
  void leave() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the node did not leave");
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("claim")) {
      DataDirectory.claim(directory, 1);
      System.out.println("claimed");
    } else {
      DatabaseAddress address =
          EmbeddedPostgres.ensure(
              directory, Path.of(arguments[2]), step -> System.out.println("step " + step));
      System.out.println("address " + address.jdbcUrl());
    }
    while (System.in.read() >= 0) {}
  }
}
