package clawster.bench.load;

import java.util.Map;

/** CPU seconds of the server and of its databases, so far or between two looks. */
record Cpu(double server, double database) {

  Cpu since(Cpu earlier) {
    return new Cpu(server - earlier.server, database - earlier.database);
  }

  void putPer(String operation, long count, Map<String, Double> figures) {
    figures.put("CPU node µs/" + operation, server / count * 1e6);
    figures.put("CPU database µs/" + operation, database / count * 1e6);
    figures.put("CPU µs/" + operation, (server + database) / count * 1e6);
  }
}
