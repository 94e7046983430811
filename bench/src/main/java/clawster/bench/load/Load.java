package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls made by a swarm against one subject, with the time and the CPU they took. */
record Load(List<Call> calls, double seconds, Cpu cpu) {

  private static final Duration BOUND = Duration.ofSeconds(120);

  Load {
    calls = List.copyOf(calls);
  }

  static Load on(Subject subject, List<Iterator<Call>> plans, Duration ramp) throws IOException {
    try (var swarm = new Swarm(subject.endpoint().address())) {
      var cpu = subject.cpu();
      var start = System.nanoTime();
      var calls = swarm.run(plans, ramp, BOUND);
      return new Load(calls, (System.nanoTime() - start) / 1e9, subject.cpu().since(cpu));
    }
  }

  double noisePercent() {
    return cpu.noisePercent(seconds);
  }

  long tokens() {
    return calls.stream().mapToLong(Call::tokens).sum();
  }

  Samples milliseconds() {
    var samples = new Samples();
    calls.stream().filter(Call::isComplete).forEach(call -> samples.add(call.tookMillis()));
    return samples;
  }

  /**
   * A fresh table of figures; calls that were lost, broken or out of order are the first thing it
   * says.
   */
  Map<String, Double> figures(long expected) {
    var figures = new LinkedHashMap<String, Double>();
    var failed = Call.failed(calls, expected);
    if (failed > 0) {
      figures.put("FAILED calls", (double) failed);
    }
    return figures;
  }
}
