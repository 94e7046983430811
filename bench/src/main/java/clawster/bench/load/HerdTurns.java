package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The same turns on one, two and three nodes that share the machine: what being several costs. */
record HerdTurns() implements Row {

  private static final int CALLERS = 24;
  private static final int SESSIONS = 480;
  private static final int WARM_UP = 960;

  @Override
  public String name() {
    return "herd-turns";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    var measurements = new ArrayList<Measurement>();
    for (int nodes = 1; nodes <= 3; nodes++) {
      try (var herd = Herd.launch(setting, nodes, Map.of())) {
        on(herd, setting, setting.scaled(WARM_UP));
        measurements.add(
            new Measurement(
                "turns, 24 at a time, nodes: " + nodes,
                "none set",
                on(herd, setting, setting.scaled(SESSIONS)),
                Map.of(),
                ""));
      }
    }
    return measurements;
  }

  private static Map<String, Double> on(Herd herd, Setting setting, int sessions) {
    int nodes = herd.nodes();
    var cpu = herdCpu(herd);
    long began = System.nanoTime();
    var calls = calls(herd, setting, sessions / nodes);
    double seconds = (System.nanoTime() - began) / 1e9;
    var figures = figures(calls, (long) (sessions / nodes) * nodes * Turns.PER_SESSION, seconds);
    figures.put(
        "CPU ms/turn, all nodes and database", (herdCpu(herd) - cpu) * 1_000 / calls.size());
    return figures;
  }

  /** Of all nodes at once; the common pool has too few threads for that on a small machine. */
  private static List<Call> calls(Herd herd, Setting setting, int sessionsEach) {
    int nodes = herd.nodes();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return IntStream.range(0, nodes)
          .mapToObj(
              node ->
                  CompletableFuture.supplyAsync(
                      () -> load(herd.subject(node, setting), CALLERS / nodes, sessionsEach),
                      threads))
          .toList()
          .stream()
          .flatMap(load -> load.join().calls().stream())
          .toList();
    }
  }

  /**
   * @param expected turns asked for; some may never have come back
   */
  static Map<String, Double> figures(List<Call> calls, long expected, double seconds) {
    var took = new Samples();
    calls.forEach(call -> took.add(call.tookMillis()));
    var figures = new LinkedHashMap<String, Double>();
    figures.put("FAILED calls", (double) Call.failed(calls, expected));
    figures.put("turns/s", calls.size() / seconds);
    figures.put("p50 ms", took.median());
    figures.put("p99 ms", took.at(0.99));
    return figures;
  }

  private static Load load(Subject subject, int callers, int sessions) {
    try {
      return Load.on(subject, Turns.callers(subject, callers, sessions), Duration.ZERO);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static double herdCpu(Herd herd) {
    return Processes.cpuSeconds(Processes.installation(herd.supervisor().pid(), herd.data()));
  }
}
