package clawster.faults;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database, or the way to it, fails under load. */
@Tag("faults")
@Timeout(300)
final class DatabaseFaultsTest {

  /** Longer than any node's own bound on a request. */
  private static final Duration BOUND = Duration.ofSeconds(25);

  private static Trial run(FaultPlan plan) {
    try (var cluster = Cluster.of(Given.nodes()).start()) {
      return Trial.run(cluster, plan);
    }
  }

  @Test
  @Tag("quick")
  void f15PostgresIsRestartedAtOnce() {
    run(FaultPlan.of("F15").times(2, "PostgreSQL restarts", c -> c.server().restartAtOnce()))
        .mustBeClean()
        .mustAcknowledge(20)
        .mustAnswerWithin(BOUND);
  }

  @Test
  void f16AllBackendsAreTerminated() {
    run(FaultPlan.of("F16")
            .every(Duration.ofSeconds(2), "backends end", c -> c.server().terminateBackends()))
        .mustBeClean()
        .mustAcknowledge(20)
        .mustAnswerWithin(BOUND);
  }

  @Test
  void f17ConnectionsAreCutInsideCommit() {
    var plan = FaultPlan.of("F17");
    for (var at = Duration.ofSeconds(3); at.compareTo(plan.length()) < 0; at = at.plusSeconds(3)) {
      plan.at(at, "answers to COMMIT are lost", c -> database(c, FaultMode.LoseAnswer.toCommit()));
      plan.at(at.plusMillis(700), "and not any more", c -> database(c, FaultMode.PASS));
    }
    run(plan).mustBeClean().mustAcknowledge(20).mustAnswerWithin(BOUND);
  }

  private static void database(Cluster cluster, FaultMode mode) {
    cluster.nodes().forEach(node -> node.database().set(mode));
  }

  @Test
  void f18PostgresHangs() {
    run(FaultPlan.of("F18", Given.seed(), Duration.ofSeconds(40))
            .lasting(
                Duration.ofSeconds(20),
                "PostgreSQL hangs",
                c -> c.server().pause(),
                c -> c.server().resume()))
        .mustBeClean()
        .mustAcknowledge(20)
        .mustAnswerWithin(BOUND.plusSeconds(20));
  }

  @Test
  void f19EveryCommitTakesLong() {
    run(FaultPlan.of("F19")
            .lasting(
                Given.length().dividedBy(2),
                "the database is 200 ms away",
                c -> database(c, new FaultMode.Delay(Duration.ofMillis(100))),
                c -> database(c, FaultMode.PASS)))
        .mustBeClean()
        .mustAcknowledge(20)
        .mustAnswerWithin(BOUND);
  }
}
