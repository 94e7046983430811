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

  /** From its return on. */
  private static final Duration BACK = Duration.ofSeconds(10);

  private static final Duration HANGS_FOR = Duration.ofSeconds(20);

  /** Nothing is lost, whoever cannot be served is told when to come again, and nobody gives up. */
  private static Trial run(FaultPlan plan, int nodes) {
    try (var cluster = Cluster.of(nodes).start()) {
      return Trial.run(cluster, plan)
          .mustBeClean()
          .mustAcknowledge(20)
          .mustServeAfterwards(Given.sessions())
          .mustPutOffWithin(BOUND)
          .mustNotRestart();
    }
  }

  @Test
  @Tag("quick")
  void f15PostgresIsRestartedAtOnce() {
    var plan = FaultPlan.of("F15").times(2, "PostgreSQL restarts", c -> c.server().restartAtOnce());
    // The second time may come before anybody is served after the first.
    run(plan, Given.nodes(2)).mustBeBackWithin(BACK.plus(BACK)).mustAnswerWithin(BOUND);
  }

  @Test
  void f16AllBackendsAreTerminated() {
    var plan =
        FaultPlan.of("F16")
            .every(Duration.ofSeconds(2), "backends end", c -> c.server().terminateBackends());
    run(plan, Given.nodes(3)).mustBeBackWithin(BACK).mustAnswerWithin(BOUND);
  }

  @Test
  void f17ConnectionsAreCutInsideCommit() {
    var plan = FaultPlan.of("F17");
    for (var at = Duration.ofSeconds(3); at.compareTo(plan.length()) < 0; at = at.plusSeconds(3)) {
      plan.at(at, "answers to COMMIT are lost", c -> database(c, FaultMode.LoseAnswer.toCommit()));
      plan.at(at.plusMillis(700), "and not any more", c -> database(c, FaultMode.PASS));
    }
    run(plan, Given.nodes(3)).mustBeBackWithin(BACK).mustAnswerWithin(BOUND);
  }

  private static void database(Cluster cluster, FaultMode mode) {
    cluster.nodes().forEach(node -> node.database().set(mode));
  }

  @Test
  void f18PostgresHangs() {
    var plan =
        FaultPlan.of("F18", Given.seed(), Duration.ofSeconds(40))
            .lasting(
                HANGS_FOR, "PostgreSQL hangs", c -> c.server().pause(), c -> c.server().resume());
    run(plan, Given.nodes(3))
        .mustPutOff(1)
        .mustBeBackWithin(HANGS_FOR.plus(BACK))
        .mustAnswerWithin(HANGS_FOR.plus(BACK).plus(BACK));
  }

  @Test
  void f19EveryCommitTakesLong() {
    var plan =
        FaultPlan.of("F19")
            .lasting(
                Given.length().dividedBy(2),
                "the database is 200 ms away",
                c -> database(c, new FaultMode.Delay(Duration.ofMillis(100))),
                c -> database(c, FaultMode.PASS));
    run(plan, Given.nodes(3)).mustBeBackWithin(BACK).mustAnswerWithin(BOUND);
  }
}
