package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Streamed answers: so many at once, so long, at such a pace, so often one after the other. */
record Streams(
    String name, String title, String target, int streams, int tokens, Duration apart, int rounds)
    implements Row {

  private static final Duration RAMP = Duration.ofSeconds(2);

  static final Streams BULK =
      new Streams(
          "bulk",
          "bulk streaming, 8 × 2 000 tokens",
          "≥ 100 000 tokens/s; ≤ 10 µs CPU/token",
          8,
          2_000,
          Duration.ZERO,
          40);
  static final Streams SLOW =
      new Streams(
          "slow",
          "slow streaming, 1 000 × 400 @ 50 ms",
          "late p99 ≤ 20 ms; ≤ 60 µs CPU/token, stretch 40",
          1_000,
          400,
          Duration.ofMillis(50),
          1);
  static final Streams MEDIUM =
      new Streams(
          "medium",
          "64 × 100 @ 20 ms",
          "added late p99 ≤ 15 ms",
          64,
          100,
          Duration.ofMillis(20),
          3);

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    return Beside.measure(title, target, setting, subject -> figures(subject, setting));
  }

  private Map<String, Double> figures(Subject subject, Setting setting) throws IOException {
    warmUp(subject, setting);
    var callers = isUnpaced() ? streams : setting.scaled(streams);
    var callsEach = isUnpaced() ? setting.scaled(rounds) : rounds;
    var load =
        Load.on(
            subject,
            callers(subject.endpoint(), callers, callsEach, tokens),
            isUnpaced() ? Duration.ZERO : RAMP);
    var figures = load.figures((long) callers * callsEach);
    if (isUnpaced()) {
      figures.put("tokens/s", load.tokens() / load.seconds());
    } else {
      putLateness(load, figures);
    }
    figures.put("noise %", load.noisePercent());
    load.cpu().putPer("token", Math.max(1, load.tokens()), figures);
    return figures;
  }

  /**
   * Enough for the compilers to be done: full rounds without a pace, a few short streams with one.
   */
  private void warmUp(Subject subject, Setting setting) throws IOException {
    var endpoint = subject.endpoint();
    var plans =
        isUnpaced()
            ? callers(endpoint, streams, setting.scaled(rounds), tokens)
            : callers(endpoint, setting.scaled(streams / 4), 2, tokens / 10);
    Load.on(subject, plans, Duration.ZERO);
  }

  private boolean isUnpaced() {
    return apart.isZero();
  }

  private void putLateness(Load load, Map<String, Double> figures) {
    var late = new Samples();
    var first = new Samples();
    for (var call : load.calls()) {
      if (call.isComplete()) {
        call.lateness(apart.toNanos() / 1e6, late);
        first.add(call.firstTokenMillis());
      }
    }
    figures.put("late p50 ms", late.median());
    figures.put("late p99 ms", late.at(0.99));
    figures.put("first token p50 ms", first.median());
    figures.put("first token p99 ms", first.at(0.99));
  }

  private List<Iterator<Call>> callers(
      Endpoint endpoint, int callers, int callsEach, int tokensEach) {
    var prompt = "[[fake tokens=" + tokensEach + " delay=" + apart.toMillis() + "]]";
    return IntStream.range(0, callers)
        .mapToObj(
            _ ->
                IntStream.range(0, callsEach)
                    .mapToObj(
                        _ -> new Call(endpoint.chat(Optional.empty(), prompt, true), tokensEach))
                    .iterator())
        .toList();
  }
}
