package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.nodes.NodeReport.Leaving;
import clawster.runtime.nodes.NodeReports.Drained;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drains of node a, which is this one, and of b, which is known from its reports alone. */
final class NodeReportsTest {

  private static final Set<String> BOTH = Set.of("a", "b");

  private final ActorTestKit kit = ActorTestKit.create();
  private final NodeReports.Board board = new NodeReports.Board();
  private TestProbe<String> drained;
  private ActorRef<NodeReports.Command> reports;

  @BeforeEach
  void start() {
    drained = kit.createTestProbe();
    reports =
        kit.spawn(
            NodeReports.create(
                new NodeReports.Self("a", "1", "a", () -> "http://a", "", Instant.EPOCH),
                new Activity(),
                board,
                () -> drained.ref().tell("drained"),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void says(String node, Leaving leaving) {
    var id = node.equals("a") ? "1" : "2";
    reports.tell(
        new NodeReports.Told(LatestReportsTest.report(node, id, "http://" + node, leaving)));
  }

  private Drained drain(String node) {
    TestProbe<Drained> probe = kit.createTestProbe();
    reports.tell(new NodeReports.Drain(node, BOTH, probe.ref()));
    return probe.receiveMessage();
  }

  /** Until this node knows of itself. */
  private void isKnown() {
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertEquals(Drained.LAST, drain("a"));
              return null;
            });
  }

  @Test
  void whatCannotBeToldIsNotSaidToBeDraining() {
    says("b", Leaving.NO);
    assertEquals(Drained.UNKNOWN, drain("b"));
    assertEquals(Leaving.NO, board.reports().get("b").leaving());
  }

  @Test
  void theLastNodeStays() {
    isKnown();
    says("b", Leaving.QUIETLY);
    assertEquals(Drained.LAST, drain("a"));
    assertEquals(Leaving.NO, board.reports().get("a").leaving());
  }

  @Test
  void whoeverIsDrainedIsOnTheBoardAtOnce() {
    isKnown();
    says("b", Leaving.NO);
    assertEquals(Drained.ASKED, drain("a"));
    assertEquals(Leaving.QUIETLY, board.reports().get("a").leaving());
    drained.expectMessage("drained");
  }
}
