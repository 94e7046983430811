package clawster.bench.load;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client goes away in the middle of a stream; the upstream says when its own connection was
 * closed.
 */
record Abort() implements Row {

  private static final int REPEATS = 20;

  @Override
  public String name() {
    return "abort";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    return Beside.measure(
        "abort, client gone to upstream closed",
        "≤ 100 ms",
        setting,
        subject -> figures(subject, setting.upstream().endpoint(), setting.scaled(REPEATS)));
  }

  private static Map<String, Double> figures(Subject subject, Endpoint upstream, int repeats)
      throws IOException, InterruptedException {
    var took = new Samples();
    var aborts = new UpstreamAborts(upstream);
    var missed = 0;
    for (var repeat = 0; repeat < repeats; repeat++) {
      var before = aborts.count();
      Instant left;
      try (var _ = Endless.at(subject.endpoint(), Optional.empty())) {
        left = Instant.now();
      }
      var closed = aborts.awaitNext(before, left);
      closed.ifPresent(took::add);
      missed += closed.isEmpty() ? 1 : 0;
    }
    var figures = new LinkedHashMap<String, Double>();
    if (missed > 0) {
      figures.put("FAILED aborts", (double) missed);
    }
    figures.put("p50 ms", took.median());
    figures.put("max ms", took.at(1));
    return figures;
  }
}
