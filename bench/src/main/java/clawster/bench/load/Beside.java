package clawster.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Measures the same thing twice: directly, then through the node, where there is one. */
interface Beside {

  Map<String, Double> figures(Subject subject) throws IOException, InterruptedException;

  static List<Measurement> measure(String row, String target, Setting setting, Beside beside)
      throws IOException, InterruptedException {
    var direct = beside.figures(setting.upstream());
    if (setting.node().isEmpty()) {
      return List.of(new Measurement(row, target, Map.of(), direct, "no node"));
    }
    return List.of(new Measurement(row, target, beside.figures(setting.node().get()), direct, ""));
  }
}
