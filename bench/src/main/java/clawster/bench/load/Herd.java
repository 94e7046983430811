package clawster.bench.load;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Several nodes of our own on one machine, under their supervisor; closing stops them all. */
record Herd(Process supervisor, Path data, int firstPort, int nodes) implements AutoCloseable {

  private static final int FIRST_PORT = 18_960;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Until then no death is believed early: PostgreSQL has only just started. */
  private static final Duration SETTLED = Duration.ofSeconds(16);

  private static final Duration BACK = Duration.ofSeconds(2);

  static Herd launch(Setting setting, int nodes, Map<String, String> environment)
      throws IOException, InterruptedException {
    var launch = setting.launch().orElseThrow(() -> new IOException("no launcher"));
    var data = Files.createTempDirectory(setting.scratch(), "herd");
    var words = new ArrayList<>(List.of(launch.split(" ")));
    words.addAll(
        List.of(
            "--nodes",
            String.valueOf(nodes),
            "--port",
            String.valueOf(FIRST_PORT),
            "--data",
            data.toString()));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(new File(setting.scratch().toFile(), "herd.log"));
    builder.environment().put("OPENAI_BASE_URL", setting.upstream().endpoint().base() + "/v1");
    builder.environment().putAll(environment);
    var herd = new Herd(builder.start(), data, FIRST_PORT, nodes);
    for (int node = 0; node < nodes; node++) {
      herd.awaitReady(node);
    }
    Thread.sleep(SETTLED);
    return herd;
  }

  Endpoint endpoint(int node) {
    return new Endpoint(
        URI.create("http://127.0.0.1:" + (firstPort + node)), "openclaw", Optional.empty());
  }

  Subject subject(int node, Setting setting) {
    var pids = IntStream.range(0, nodes).mapToObj(this::pid).flatMap(Optional::stream).toList();
    var company = new HashSet<>(pids);
    company.add(ProcessHandle.current().pid());
    company.add(setting.upstream().pid());
    return new Subject(endpoint(node), pid(node).orElseThrow(), Optional.of(data), company);
  }

  Optional<Long> pid(int node) {
    return Processes.listening(firstPort + node);
  }

  private void awaitReady(int node) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Web.status(endpoint(node), "/ready").equals(Optional.of(200))) {
      if (System.nanoTime() > deadline || !supervisor.isAlive()) {
        throw new IOException("node " + (node + 1) + " is not ready; see herd.log");
      }
      Thread.sleep(50);
    }
  }

  /** A node that was away serves again, and has had time to be given sessions. */
  void awaitBack(int node) throws IOException, InterruptedException {
    awaitReady(node);
    Thread.sleep(BACK);
  }

  /** STOP, CONT, KILL. */
  static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start().waitFor();
  }

  @Override
  public void close() {
    var pids = Processes.installation(supervisor.pid(), data);
    supervisor.destroy();
    try {
      supervisor.waitFor(50, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    pids.stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }
}
