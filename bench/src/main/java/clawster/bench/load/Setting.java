package clawster.bench.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the rows measure with. {@code kills} is how often a node goes, in the rows where nodes do.
 * {@code scale} 1 is the full run; less makes each row shorter, for trying things out.
 */
record Setting(
    Optional<Subject> node,
    Subject upstream,
    Optional<String> launch,
    Path scratch,
    Optional<Duration> passivation,
    int kills,
    double scale) {

  private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

  int scaled(int count) {
    return Math.max(1, (int) Math.round(count * scale));
  }

  /** A user no earlier run has used, so that its session is new. */
  static String user(String row, int number) {
    return "bench-" + RUN + "-" + row + "-" + number;
  }
}
