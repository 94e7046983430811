package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.faults.Defect.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rows can fail: each bug planted here, in a copy of a class, is found. */
@Tag("faults")
@Timeout(200)
final class BugsTest {

  private static final String SESSIONS = "clawster.runtime.sessions.";

  /** By F5. */
  @Test
  void acknowledgingBeforePersistingIsFound() {
    var key = "agent:default:early";
    try (var cluster = Cluster.of(1).hook(Hook.DECIDED).hook(Hook.BEFORE_PERSIST).start()) {
      cluster.order(Hook.DECIDED.name(), Order.to(Order.Action.ACKNOWLEDGE, 0));
      cluster.order(Hook.BEFORE_PERSIST.name(), Order.to(Order.Action.HALT, 500));
      var lost = Sender.once(cluster.node(1), key, 1, "[[fake tokens=5]]");
      cluster.withdraw(Hook.DECIDED.name());
      var after = Sender.once(cluster.node(1), key, 2, "[[fake tokens=5]]");
      Trial.of("early acknowledgement", cluster, List.of(lost, after)).mustFind(Kind.LOST);
    }
  }

  /** By F50: what goes from node to node comes twice. */
  @Test
  void takingARepeatedSubmitForANewOneIsFound() {
    var setup =
        Cluster.of(2)
            .twice(SESSIONS + "Sessions", "ask", 3)
            .instead(SESSIONS + "SessionState$Open", "knows", "knowsNothing");
    try (var cluster = setup.start()) {
      Trial.of("no dedupe", cluster, RepeatedTest.messages(cluster)).mustFind(Kind.DOUBLED);
    }
  }

  /** By F3. */
  @Test
  void runningAToolAgainThatMustNotIsFound() {
    KilledTest.halted(
            Cluster.of(1).instead(SESSIONS + "SessionWork", "runner", "alwaysAgain"),
            Hook.TOOL_DONE,
            Order.halt(),
            "CALL_TOOL note_once {}")
        .mustFind(Kind.EFFECT);
  }

  /** By F12: both sides count the other as dead, and who was to go on ends. */
  @Test
  void downingWhoeverIsNotHeardIsFound() {
    var plan = FaultPlan.of("auto-down", Given.seed(), Duration.ofSeconds(40));
    int victim = PartitionTest.victim(plan);
    var setup =
        Cluster.of(3).option("-Dpekko.cluster.downing-provider-class=" + AutoDown.class.getName());
    try (var cluster = setup.start()) {
      var trial = PartitionTest.cutOff(cluster, plan, victim, () -> {});
      System.out.println(trial.defects());
      assertThrows(AssertionError.class, () -> PartitionTest.onlyRestarted(cluster, victim));
    }
  }
}
