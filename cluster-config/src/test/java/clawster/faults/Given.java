package clawster.faults;

import java.time.Duration;

/** What is given on the command line, as {@code -Dseed=7 -Dseconds=60 -Dsessions=20 -Dnodes=3}. */
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

  static int nodes() {
    return Integer.getInteger("nodes", 1);
  }

  /** How soon a silent node counts as dead: {@code -Dtimings=safe|fast}. */
  static String timings() {
    return System.getProperty("timings", "fast");
  }
}
