package clawster.bench.load;

import java.util.Map;

/** CPU seconds of the server, of its databases and of strangers, so far or between two looks. */
record Cpu(double server, double database, double strangers) {

  Cpu since(Cpu earlier) {
    return new Cpu(
        server - earlier.server, database - earlier.database, strangers - earlier.strangers);
  }

  void putPer(String operation, long count, Map<String, Double> figures) {
    figures.put("CPU node µs/" + operation, server / count * 1e6);
    figures.put("CPU database µs/" + operation, database / count * 1e6);
    figures.put("CPU µs/" + operation, (server + database) / count * 1e6);
  }

  /**
   * The share of the machine that went to nobody we know: above a few percent the other figures
   * mean little.
   */
  double noisePercent(double seconds) {
    return Math.max(0, strangers / seconds / Runtime.getRuntime().availableProcessors() * 100);
  }
}
