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

/**
 * Nodes are drained one after the other while streams go through them and past them: short ones
 * that may end where they are, and long ones that have to move.
 */
record Restarts() implements Row {

  private static final int NODES = 3;
  private static final int SHORT = 300;
  private static final int LONG = 1_000;

  @Override
  public String name() {
    return "restarts";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    int restarts = setting.scaled(setting.kills());
    var brief = new Samples();
    var lasting = new Samples();
    var exits = new Samples();
    int broken = 0;
    try (var herd = Herd.launch(setting, NODES, Map.of())) {
      for (int restart = 0; restart < restarts; restart++) {
        int victim = restart % NODES;
        var exit = CompletableFuture.supplyAsync(() -> drain(herd, victim));
        var through = CompletableFuture.supplyAsync(() -> streams(herd.endpoint(victim), 4));
        var past = streams(herd.endpoint((victim + 1) % NODES), 12);
        for (var calls : List.of(through.join(), past)) {
          for (var call : calls) {
            broken += call.isComplete() ? 0 : 1;
            (call.tokens() > SHORT ? lasting : brief).add(call.largestGapMillis() / 1_000);
          }
        }
        exits.add(exit.join());
        herd.awaitReady(victim);
        Thread.sleep(2_000);
      }
    }
    var figures = new LinkedHashMap<String, Double>();
    figures.put("restarts", (double) restarts);
    figures.put("FAILED streams", (double) broken);
    figures.put("largest gap, 6 s streams s", brief.at(1));
    figures.put("largest gap, 20 s streams s", lasting.at(1));
    figures.put("p99 gap, 20 s streams s", lasting.at(0.99));
    figures.put("largest exit s", exits.at(1));
    return List.of(
        new Measurement(
            "planned restart",
            "0 dropped streams; gap ≤ 2 s, none for runs that end where they are",
            figures,
            Map.of(),
            ""));
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
