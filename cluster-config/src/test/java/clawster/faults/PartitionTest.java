package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.faults.FaultMode.Way;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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

  /**
   * From the fault to the next acknowledgement: what the timings need, with room for a busy
   * machine.
   */
  private static final Duration BACK =
      switch (Given.timings()) {
        case SAFE -> Duration.ofSeconds(30);
        case FAST -> Duration.ofSeconds(20);
      };

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
  static Trial cutOff(Cluster cluster, FaultPlan plan, int victim, Runnable beside) {
    plan.lasting(
        Duration.ofSeconds(20),
        "node " + victim + " is cut off",
        c -> {
          c.peers().around(victim, FaultMode.STALL);
          beside.run();
        },
        c -> c.peers().heal());
    return Trial.run(cluster, plan);
  }

  /** Nothing is lost, everybody is served again, and who was asked meanwhile was polite. */
  private static Trial mustGoOn(Trial trial, Interrogation... asked) {
    var all = trial;
    for (var asking : asked) {
      all = all.and(asking.end());
    }
    all.mustBeClean()
        .mustAcknowledge(20)
        .mustBeBackWithin(BACK)
        .mustServeAfterwards(Given.sessions());
    Stream.of(asked).forEach(Interrogation::mustBePolite);
    return all;
  }

  @Test
  void f12OneIsCutOffFromTwo() {
    var plan = plan("F12", 40);
    int victim = victim(plan);
    try (var cluster = Cluster.of(3).start()) {
      var asking = new Interrogation(cluster.node(victim));
      mustGoOn(cutOff(cluster, plan, victim, asking::begin), asking);
      onlyRestarted(cluster, victim);
    }
  }

  @Test
  void f13OneIsNotHeardByAnother() {
    var plan = plan("F13", 40);
    int from = victim(plan);
    int to = from % 3 + 1;
    try (var cluster = Cluster.of(3).start()) {
      var asking =
          Stream.of(from, to)
              .map(cluster::node)
              .map(Interrogation::new)
              .toArray(Interrogation[]::new);
      plan.lasting(
          Duration.ofSeconds(20),
          "node %d does not hear node %d".formatted(to, from),
          c -> {
            c.peers().between(from, to, new FaultMode.Drop(Way.REQUESTS));
            Stream.of(asking).forEach(Interrogation::begin);
          },
          c -> {
            Stream.of(asking).forEach(Interrogation::stop);
            c.peers().heal();
          });
      mustGoOn(Trial.run(cluster, plan), asking);
      var restarts = cluster.nodes().stream().map(RigNode::restarts).toList();
      assertTrue(cluster.restarts() > 0, "one of them should have ended itself");
      assertEquals(0, cluster.node(6 - from - to).restarts(), "it heard both");
      assertTrue(
          cluster.node(from).restarts() == 0 || cluster.node(to).restarts() == 0,
          "both ended: " + restarts);
      // Who is back and still not heard ends again, some eight seconds after it ended before.
      assertTrue(restarts.stream().allMatch(times -> times <= 2), "they flap: " + restarts);
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
      mustGoOn(Trial.run(cluster, plan));
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
      mustGoOn(Trial.run(cluster, plan));
    }
  }

  /**
   * Within a link messages cannot overtake each other, since it is one stream of bytes; those of
   * one node can overtake those of another, and a node's membership can overtake its sessions'.
   */
  @Test
  void f50MessagesOvertakeEachOther() {
    var plan = plan("F50 overtaking", 20);
    for (int second = 3; second < 16; second++) {
      int from = victim(plan);
      int to = from % 3 + 1;
      var late = Duration.ofMillis(50 + plan.random().nextInt(400));
      plan.at(
          Duration.ofSeconds(second),
          "only what node %d sends node %d is %d ms late".formatted(from, to, late.toMillis()),
          c -> {
            c.peers().heal();
            c.peers().between(from, to, new FaultMode.Delay(late));
          });
    }
    var setup = Cluster.of(3).twice("clawster.runtime.sessions.Sessions", "ask", 3);
    try (var cluster = setup.start()) {
      mustGoOn(Trial.run(cluster, plan)).mustNotRestart();
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
      mustGoOn(Trial.run(cluster, plan));
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
    var pause = Given.forgiven().multipliedBy(2).dividedBy(3);
    for (int second = 4; second < 16; second += 4) {
      var at = Duration.ofSeconds(second);
      plan.at(at, "node " + victim + " pauses", c -> c.node(victim).pause());
      plan.at(at.plus(pause), "and goes on", c -> c.node(victim).resume());
    }
    try (var cluster = Cluster.of(3).start()) {
      mustGoOn(Trial.run(cluster, plan)).mustNotRestart();
    }
  }

  @Test
  void f9APauseThatIsNot() {
    var plan = plan("F9", 60);
    int victim = victim(plan);
    try (var cluster = Cluster.of(3).start()) {
      var woken = new Interrogation(cluster.node(victim));
      plan.lasting(
          Duration.ofSeconds(40),
          "node " + victim + " pauses",
          c -> c.node(victim).pause(),
          c -> {
            c.node(victim).resume();
            woken.begin();
          });
      var trial = Trial.run(cluster, plan);
      mustGoOn(trial.and(woken.end()));
      onlyRestarted(cluster, victim);
    }
  }

  /** Whoever has decided about others may be decided about. */
  @Test
  void f9WhoDecidedAboutAPauseHangsToo() {
    var plan = plan("F9 twice", 60);
    int victim = 2 + plan.random().nextInt(2);
    int survivor = 5 - victim;
    plan.at(
        Duration.ofSeconds(5),
        "node " + victim + " pauses",
        cluster -> cluster.node(victim).pause());
    plan.at(Duration.ofSeconds(25), "node 1 pauses", cluster -> cluster.node(1).pause());
    plan.at(
        Duration.ofSeconds(45),
        "both go on",
        cluster -> {
          cluster.node(1).resume();
          cluster.node(victim).resume();
        });
    try (var cluster = Cluster.of(3).start()) {
      mustGoOn(Trial.run(cluster, plan));
      assertEquals(0, cluster.node(survivor).restarts());
      assertTrue(cluster.node(1).restarts() > 0 && cluster.node(victim).restarts() > 0);
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
      mustGoOn(Trial.run(cluster, plan));
    }
  }
}
