package clawster.bench.load;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * From the start of the launcher to {@code GET /ready} 200, on an empty data directory and on one
 * that was used.
 */
record Start() implements Row {

  private static final String TARGET =
      "warm ≤ 2 s with AOT cache (stretch 1.5), ≤ 4 s without; ≤ 300 MB PSS idle";
  private static final int WARM_STARTS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.launch().isEmpty()) {
      return List.of(Measurement.missing("start", TARGET, "no launcher"));
    }
    return List.of(
        new Measurement("start", TARGET, figures(setting.launch().get(), setting), Map.of(), ""));
  }

  private static Map<String, Double> figures(String launch, Setting setting)
      throws IOException, InterruptedException {
    var data = Files.createTempDirectory(setting.scratch(), "start");
    var figures = new LinkedHashMap<String, Double>();
    try (var cold = Node.launch(launch, data, setting)) {
      figures.put("cold s", cold.secondsToReady());
    }
    var warm = new Samples();
    for (var start = 0; start < WARM_STARTS; start++) {
      try (var node = Node.launch(launch, data, setting)) {
        warm.add(node.secondsToReady());
        if (start == WARM_STARTS - 1) {
          Thread.sleep(SETTLE);
          figures.put("warm s", warm.median());
          figures.put("MB PSS idle", Processes.pssMegabytes(node.pids()));
          figures.put("processes", (double) node.pids().size());
        }
      }
    }
    return figures;
  }

  /** A node of our own, on a free port; closing stops it and what it started. */
  private record Node(Process process, Path data, double secondsToReady) implements AutoCloseable {

    static Node launch(String launch, Path data, Setting setting)
        throws IOException, InterruptedException {
      var port = freePort();
      var endpoint =
          new Endpoint(URI.create("http://127.0.0.1:" + port), "openclaw", Optional.empty());
      var words = new ArrayList<>(List.of(launch.split(" ")));
      words.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.redirectOutput(new File(setting.scratch().toFile(), "start.log"));
      builder.environment().put("OPENAI_BASE_URL", setting.upstream().endpoint().base() + "/v1");
      var began = System.nanoTime();
      var node = new Node(builder.start(), data, 0);
      while (!Web.status(endpoint, "/ready").equals(Optional.of(200))) {
        var waited = Duration.ofNanos(System.nanoTime() - began);
        if (waited.compareTo(PATIENCE) > 0 || !node.process.isAlive()) {
          node.close();
          throw new IOException("not ready after " + waited + "; see start.log");
        }
        Thread.sleep(5);
      }
      return new Node(node.process, data, (System.nanoTime() - began) / 1e9);
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    Set<Long> pids() {
      return Processes.installation(process.pid(), data);
    }

    @Override
    public void close() {
      var pids = pids();
      process.destroy();
      try {
        process.waitFor(20, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      pids.stream()
          .flatMap(pid -> ProcessHandle.of(pid).stream())
          .forEach(ProcessHandle::destroyForcibly);
    }
  }
}
