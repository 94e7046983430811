package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How often callers of the upstream have hung up in the middle of an answer, as it counts them. */
record UpstreamAborts(Endpoint upstream) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  long count() throws IOException, InterruptedException {
    return Web.json(upstream, "/__stats").path("aborted").asLong();
  }

  /** Milliseconds from {@code since} to the next one after {@code before}; empty if none comes. */
  Optional<Double> awaitNext(long before, Instant since) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var stats = Web.json(upstream, "/__stats");
      if (stats.path("aborted").asLong() > before) {
        var began = ChronoUnit.MICROS.between(Instant.EPOCH, since);
        return Optional.of(Math.max(0, stats.path("lastAbortAtMicros").asLong() - began) / 1e3);
      }
      Thread.sleep(5);
    }
    return Optional.empty();
  }
}
