package clawster.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  private static final String ENDLESS = "[[fake tokens=10000 delay=20]]";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

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
    var missed = 0;
    for (var repeat = 0; repeat < repeats; repeat++) {
      var before = aborted(upstream);
      var left = leaveMidway(subject.endpoint());
      var closed = awaitAbort(upstream, before);
      closed.ifPresent(at -> took.add(Math.max(0, at - left) / 1e3));
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

  /** Reads up to the third token, then closes; returns when. */
  private static long leaveMidway(Endpoint endpoint) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(endpoint.address());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(endpoint.chat(Optional.empty(), ENDLESS, true));
      var call = new Call(new byte[0], 3);
      var reader = new ResponseReader(call);
      var bytes = new byte[8192];
      while (call.tokens() < 3) {
        var count = socket.getInputStream().read(bytes);
        if (count < 0) {
          throw new IOException("the stream ended before its third token");
        }
        reader.read(bytes, count, System.nanoTime());
      }
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
  }

  private static long aborted(Endpoint upstream) throws IOException, InterruptedException {
    return Web.json(upstream, "/__stats").path("aborted").asLong();
  }

  private static Optional<Long> awaitAbort(Endpoint upstream, long before)
      throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var stats = Web.json(upstream, "/__stats");
      if (stats.path("aborted").asLong() > before) {
        return Optional.of(stats.path("lastAbortAtMicros").asLong());
      }
      Thread.sleep(5);
    }
    return Optional.empty();
  }
}
