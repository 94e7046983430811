package clawster.bench.load;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One line of the table: figures by name and unit, at the node and directly at the upstream. */
record Measurement(
    String row, String target, Map<String, Double> node, Map<String, Double> direct, String note) {

  Measurement {
    node = Collections.unmodifiableMap(new LinkedHashMap<>(node));
    direct = Collections.unmodifiableMap(new LinkedHashMap<>(direct));
  }

  static Measurement missing(String row, String target, String why) {
    return new Measurement(row, target, Map.of(), Map.of(), why);
  }
}
