package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * Nodes are drained one after the other while streams go through them and past them: short ones
 * that may end where they are, and long ones that have to move.
 */
record Restarts() implements Row {

  private static final int NODES = 3;
  private static final int SHORT = 300;
  private static final int LONG = 1_000;
  private static final int THROUGH = 4;
  private static final int PAST = 12;

  @Override
  public String name() {
    return "restarts";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    int restarts = setting.scaled(setting.kills());
    var streams = new Seen();
    var exits = new Samples();
    // The common pool has too few threads to have both wait at once on a small machine.
    try (var herd = Herd.launch(setting, NODES, Map.of());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int restart = 0; restart < restarts; restart++) {
        int victim = restart % NODES;
        var exit = CompletableFuture.supplyAsync(() -> drain(herd, victim), threads);
        var through =
            CompletableFuture.supplyAsync(() -> streams(herd.endpoint(victim), THROUGH), threads);
        streams.add(streams(herd.endpoint((victim + 1) % NODES), PAST), PAST);
        streams.add(through.join(), THROUGH);
        exits.add(exit.join());
        herd.awaitBack(victim);
      }
    }
    var figures = new LinkedHashMap<String, Double>();
    figures.put("restarts", (double) restarts);
    streams.into(figures);
    figures.put("largest exit s", exits.at(1));
    return List.of(
        new Measurement(
            "planned restart",
            "0 dropped streams; gap ≤ 2 s, none for runs that end where they are",
            figures,
            Map.of(),
            ""));
  }

  /** What came of streams, the short and the long ones apart. */
  static final class Seen {

    private final Samples brief = new Samples();
    private final Samples lasting = new Samples();
    private long failed;

    /**
     * @param expected streams asked for; some may never have come back
     */
    void add(List<Call> ended, int expected) {
      failed += Call.failed(ended, expected);
      for (var call : ended) {
        (call.tokensAsked() > SHORT ? lasting : brief).add(call.largestGapMillis() / 1_000);
      }
    }

    void into(Map<String, Double> figures) {
      figures.put("FAILED streams", (double) failed);
      figures.put("largest gap, 6 s streams s", brief.at(1));
      figures.put("largest gap, 20 s streams s", lasting.at(1));
      figures.put("p99 gap, 20 s streams s", lasting.at(0.99));
    }
  }

  private static List<Call> streams(Endpoint edge, int count) {
    var plans = new ArrayList<Iterator<Call>>();
    for (int stream = 0; stream < count; stream++) {
      int tokens = stream % 2 == 0 ? SHORT : LONG;
      var prompt = "[[fake tokens=" + tokens + " delay=20]]";
      var chat = edge.chat(Optional.of(Turns.newUser()), prompt, true);
      plans.add(List.of(new Call(chat, tokens)).iterator());
    }
    try (var swarm = new Swarm(edge.address())) {
      return swarm.run(plans, Duration.ZERO, Duration.ofSeconds(60));
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Seconds from the request to the process's end. */
  private static double drain(Herd herd, int victim) {
    try {
      Thread.sleep(1_000);
      var pid = herd.pid(victim).orElseThrow();
      long asked = System.nanoTime();
      Web.post(herd.endpoint(victim), "/v1/cluster/nodes/node-" + (victim + 1) + "/drain");
      ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
      return (System.nanoTime() - asked) / 1e9;
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }
}
