package clawster.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a node does while there is nothing to do, alone and as one of three. */
record HerdIdle() implements Row {

  private static final int SECONDS = 30;

  @Override
  public String name() {
    return "herd-idle";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    var measurements = new ArrayList<Measurement>();
    for (int nodes : new int[] {1, 3}) {
      try (var herd = Herd.launch(setting, nodes, Map.of())) {
        Thread.sleep(10_000);
        var node = Set.of(herd.pid(0).orElseThrow());
        var database = Processes.databases(herd.data());
        double nodeBefore = Processes.cpuSeconds(node);
        double databaseBefore = Processes.cpuSeconds(database);
        int seconds = setting.scaled(SECONDS);
        Thread.sleep(seconds * 1_000L);
        measurements.add(
            new Measurement(
                "idle, nodes: " + nodes,
                "none set",
                Map.of(
                    "% of a core, one node",
                    (Processes.cpuSeconds(node) - nodeBefore) / seconds * 100,
                    "% of a core, database",
                    (Processes.cpuSeconds(database) - databaseBefore) / seconds * 100,
                    "MB PSS, one node",
                    Processes.pssMegabytes(node)),
                Map.of(),
                ""));
      }
    }
    return measurements;
  }
}
