package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * One of three nodes goes in the middle of streams that another one serves: how long the streams
 * that it made stand still. The way it goes, and what makes the others notice, differ.
 */
record Failover(
    String name, String title, boolean killed, String timings, String target, double share)
    implements Row {

  /** Its connection to the database ends, and its port refuses. */
  static final Failover KILLED =
      new Failover(
          "failover",
          "kill -9 of one of three",
          true,
          "safe",
          "goal ≤ 1.5 s; 0 lost, 0 repeated",
          1.0);

  /** Its connections stay, and it says nothing any more: only heartbeats tell. */
  static final Failover HUNG_SAFE =
      new Failover(
          "failover-hung-safe",
          "one of three hangs, timings safe",
          false,
          "safe",
          "p50 ≤ 6.5 s, p99 ≤ 9 s; 0 lost, 0 repeated",
          0.4);

  static final Failover HUNG_FAST =
      new Failover(
          "failover-hung-fast",
          "one of three hangs, timings fast",
          false,
          "fast",
          "p50 ≤ 5 s, p99 ≤ 6.5 s; 0 lost, 0 repeated",
          0.4);

  private static final int NODES = 3;
  private static final int STREAMS = 12;
  private static final Duration BEFORE = Duration.ofMillis(1_500);

  /**
   * How much longer streams may take to say something: one that has not cannot say that it moved.
   */
  private static final Duration MORE = Duration.ofSeconds(10);

  /** What came of killing one kind of node. */
  private static final class Outcome {
    private final Samples gaps = new Samples();
    private int kills;
    private int moved;
    private long broken;

    void add(List<Call> calls) {
      kills++;
      broken += Call.failed(calls, STREAMS);
      for (var call : calls) {
        var standstill = call.standstillMillis();
        if (standstill.isPresent()) {
          gaps.add(standstill.getAsDouble() / 1_000);
          moved++;
        }
      }
    }

    Map<String, Double> figures() {
      var figures = new LinkedHashMap<String, Double>();
      figures.put("kills", (double) kills);
      figures.put("streams that moved", (double) moved);
      figures.put("FAILED streams", (double) broken);
      figures.put("p50 s", gaps.median());
      figures.put("p90 s", gaps.at(0.9));
      figures.put("p99 s", gaps.at(0.99));
      figures.put("max s", gaps.at(1));
      return figures;
    }
  }

  /**
   * The oldest member has the coordinator of the sessions' places, who has to be found again if it
   * dies. So each node is killed when it is the oldest, and again when it is the youngest.
   */
  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    int kills = Math.max(1, (int) Math.round(setting.scaled(setting.kills()) * share));
    var oldest = new Outcome();
    var youngest = new Outcome();
    try (var herd = Herd.launch(setting, NODES, Map.of("CLAWSTER_CLUSTER_TIMINGS", timings))) {
      age(herd);
      for (int kill = 0; kill < kills; kill++) {
        int victim = kill / 2 % NODES;
        (kill % 2 == 0 ? oldest : youngest).add(streams(herd, victim));
        herd.awaitBack(victim);
      }
    }
    return List.of(
        new Measurement(title + ", the oldest", target, oldest.figures(), Map.of(), ""),
        new Measurement(title + ", the youngest", target, youngest.figures(), Map.of(), ""));
  }

  /** Has the nodes become members in their order. */
  private static void age(Herd herd) throws IOException, InterruptedException {
    for (int node = 0; node < NODES; node++) {
      Herd.signal("KILL", herd.pid(node).orElseThrow());
      herd.awaitBack(node);
    }
  }

  private List<Call> streams(Herd herd, int victim) throws IOException {
    long pid = herd.pid(victim).orElseThrow();
    var edge = herd.endpoint((victim + 1) % NODES);
    var asked = calls(edge, killed ? 250 : 700);
    var gone = CompletableFuture.runAsync(() -> end(pid, asked));
    try (var swarm = new Swarm(edge.address())) {
      var plans = asked.stream().map(call -> List.of(call).iterator()).toList();
      var calls = swarm.run(plans, Duration.ZERO, Duration.ofSeconds(60));
      gone.join();
      return calls;
    }
  }

  private static List<Call> calls(Endpoint edge, int tokens) {
    var prompt = "[[fake tokens=" + tokens + " delay=20]]";
    return IntStream.range(0, STREAMS)
        .mapToObj(_ -> new Call(edge.chat(Optional.of(Turns.newUser()), prompt, true), tokens))
        .toList();
  }

  private void end(long pid, List<Call> streams) {
    try {
      Thread.sleep(BEFORE);
      long latest = System.nanoTime() + MORE.toNanos();
      while (!streams.stream().allMatch(Call::hasBegun) && System.nanoTime() < latest) {
        Thread.sleep(10);
      }
      if (killed) {
        Herd.signal("KILL", pid);
        return;
      }
      Herd.signal("STOP", pid);
      Thread.sleep(12_000);
      Herd.signal("KILL", pid);
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
