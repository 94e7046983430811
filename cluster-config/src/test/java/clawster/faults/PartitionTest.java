package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.faults.FaultMode.Way;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes that cannot hear each other, or not all of them, or not all the time. All of them
 * reach the database, which decides who goes on.
 */
@Tag("faults")
@Timeout(400)
final class PartitionTest {

  /** From the fault to the next acknowledgement. */
  private static final Duration BACK = Duration.ofSeconds(30);

  private static FaultPlan plan(String row, int seconds) {
    return FaultPlan.of(row, Given.seed(), Duration.ofSeconds(seconds));
  }

  static int victim(FaultPlan plan) {
    return 1 + plan.random().nextInt(3);
  }

  static void onlyRestarted(Cluster cluster, int victim) {
    for (var node : cluster.nodes()) {
      if (node.number() == victim) {
        assertTrue(node.restarts() > 0, "node " + victim + " should have ended itself");
      } else {
        assertEquals(0, node.restarts(), "of node " + node.number() + ", victim " + victim);
      }
    }
  }

  /** Cut off from both others; whoever is alone ends, and is one of three again afterwards. */
  static Trial cutOff(Cluster cluster, FaultPlan plan, int victim) {
    plan.lasting(
        Duration.ofSeconds(20),
        "node " + victim + " is cut off",
        c -> c.peers().around(victim, FaultMode.STALL),
        c -> c.peers().heal());
    return Trial.run(cluster, plan);
  }

  @Test
  void f12OneIsCutOffFromTwo() {
    var plan = plan("F12", 40);
    int victim = victim(plan);
    try (var cluster = Cluster.of(3).start()) {
      cutOff(cluster, plan, victim).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
      onlyRestarted(cluster, victim);
    }
  }

  @Test
  void f13OneIsNotHeardByAnother() {
    var plan = plan("F13", 40);
    int from = victim(plan);
    int to = from % 3 + 1;
    plan.lasting(
        Duration.ofSeconds(20),
        "node %d does not hear node %d".formatted(to, from),
        c -> c.peers().between(from, to, new FaultMode.Drop(Way.REQUESTS)),
        c -> c.peers().heal());
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
    }
  }

  @Test
  void f14ALinkThatFlaps() {
    var plan = plan("F14", 45);
    int victim = victim(plan);
    for (int i = 0; i < 6; i++) {
      var at = Duration.ofSeconds(3 + 6 * i);
      plan.at(at, "node " + victim + " away", c -> c.peers().around(victim, FaultMode.STALL));
      plan.at(at.plusSeconds(3), "and back", c -> c.peers().heal());
    }
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
    }
  }

  @Test
  void f50MessagesAreLost() {
    var plan = plan("F50", 20);
    for (int second = 3; second < 16; second++) {
      int bytes = 500 + plan.random().nextInt(20_000);
      plan.at(
          Duration.ofSeconds(second),
          "links break after " + bytes + " bytes",
          c -> c.peers().all(new FaultMode.CutAfter(bytes)));
    }
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
    }
  }

  @Test
  void f6TwoOfThreeAreKilled() {
    var plan = plan("F6", 40);
    int survivor = victim(plan);
    plan.lasting(
        Duration.ofSeconds(15),
        "all but node " + survivor + " are killed",
        c -> others(c, survivor).forEach(RigNode::kill),
        c -> others(c, survivor).forEach(RigNode::start));
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
      assertEquals(0, cluster.restarts());
    }
  }

  private static List<RigNode> others(Cluster cluster, int node) {
    return cluster.nodes().stream().filter(other -> other.number() != node).toList();
  }

  @Test
  void f8APauseThatIsForgiven() {
    var plan = plan("F8", 20);
    int victim = victim(plan);
    for (int second = 4; second < 16; second += 4) {
      var at = Duration.ofSeconds(second);
      plan.at(at, "node " + victim + " pauses", c -> c.node(victim).pause());
      plan.at(at.plusMillis(500), "and goes on", c -> c.node(victim).resume());
    }
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20);
      assertEquals(0, cluster.restarts());
    }
  }

  @Test
  void f9APauseThatIsNot() {
    var plan = plan("F9", 60);
    int victim = victim(plan);
    plan.lasting(
        Duration.ofSeconds(40),
        "node " + victim + " pauses",
        c -> c.node(victim).pause(),
        c -> c.node(victim).resume());
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
      onlyRestarted(cluster, victim);
    }
  }

  @Test
  void f10AllAreToldToEndOneByOne() {
    var plan = plan("F10", 50);
    for (int i = 0; i < 3; i++) {
      int number = i + 1;
      plan.at(
          Duration.ofSeconds(5 + 14 * i),
          "node " + number + " is told to end",
          c -> {
            var took = c.node(number).terminate();
            System.out.println("node " + number + " took " + took.toMillis() + " ms to end");
            assertTrue(took.toSeconds() <= 30, "node " + number + " took " + took);
            c.node(number).start();
            c.node(number).awaitUp();
          });
    }
    try (var cluster = Cluster.of(3).start()) {
      Trial.run(cluster, plan).mustBeClean().mustAcknowledge(20).mustBeBackWithin(BACK);
    }
  }
}
