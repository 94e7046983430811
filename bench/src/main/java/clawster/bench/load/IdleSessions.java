package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sessions that had ten turns and now rest in memory: first with their window, then without it. */
record IdleSessions() implements Row {

  private static final String TARGET =
      "≤ 8 KB heap per resident session plus its window; passivated: nothing";
  private static final int SESSIONS = 1_000;
  private static final int WARM_UP_SESSIONS = 100;
  private static final Duration PASSIVATED = Duration.ofSeconds(40);

  @Override
  public String name() {
    return "idle-sessions";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.node().isEmpty()) {
      return List.of(Measurement.missing("idle sessions", TARGET, "no node"));
    }
    return List.of(
        new Measurement(
            "idle sessions",
            TARGET,
            figures(setting.node().get(), setting.scaled(SESSIONS)),
            Map.of(),
            ""));
  }

  private static Map<String, Double> figures(Subject node, int sessions)
      throws IOException, InterruptedException {
    Load.on(node, Turns.callers(node, 16, WARM_UP_SESSIONS), Duration.ZERO);
    Thread.sleep(PASSIVATED);
    var before = Heap.liveBytes(node.pid());
    Load.on(node, Turns.callers(node, 16, sessions), Duration.ZERO);
    var figures = new LinkedHashMap<String, Double>();
    figures.put(
        "KB heap/resident session", kilobytes(Heap.liveBytes(node.pid()) - before, sessions));
    Thread.sleep(PASSIVATED);
    figures.put(
        "KB heap/passivated session", kilobytes(Heap.liveBytes(node.pid()) - before, sessions));
    return figures;
  }

  private static double kilobytes(long bytes, int sessions) {
    return bytes / 1024.0 / sessions;
  }
}
