package clawster.faults;

import clawster.cluster.ClusterSettings;
import clawster.cluster.ClusterSettings.Timings;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * What is given on the command line, as {@code -Dseed=7 -Dseconds=60 -Dsessions=20 -Dnodes=3
 * -Dtimings=fast}.
 */
final class Given {

  private Given() {}

  static long seed() {
    return Long.getLong("seed", 1);
  }

  static Duration length() {
    return Duration.ofSeconds(Integer.getInteger("seconds", 15));
  }

  static int sessions() {
    return Integer.getInteger("sessions", 20);
  }

  static int nodes(int unlessGiven) {
    return Integer.getInteger("nodes", unlessGiven);
  }

  /** How soon a silent node counts as dead: {@code -Dtimings=safe|fast}, and as in the product. */
  static Timings timings() {
    return Optional.ofNullable(System.getProperty("timings"))
        .map(Timings::of)
        .orElse(ClusterSettings.LOCAL.timings());
  }

  /** A node that is silent for no longer is not doubted. */
  static Duration forgiven() {
    return ConfigFactory.parseResources(timings().resource())
        .getDuration("pekko.cluster.failure-detector.acceptable-heartbeat-pause");
  }
}
