package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import clawster.runtime.sessions.ToolOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node dies at the one line where it hurts. What comes back is started by a supervisor. */
@Tag("faults")
@Timeout(200)
final class KilledTest {

  /** Whoever is killed has neighbours. */
  private static final int NODES = Given.nodes(3);

  private static final String KEY = "agent:default:killed";
  private static final String TEXT = "[[fake tokens=5]]";

  private static Op send(Cluster cluster, int number, String script) {
    return Sender.once(cluster.node(1), KEY, number, script);
  }

  /** A message before, one at the hook and one after it. */
  static Trial halted(Cluster.Setup setup, Hook hook, Order order, String script) {
    try (var cluster = setup.start()) {
      var ops = new ArrayList<Op>();
      ops.add(send(cluster, 1, TEXT));
      cluster.order(hook.name(), order);
      ops.add(send(cluster, 2, script));
      assertFalse(cluster.isOpen(hook.name()), "the hook was not reached");
      ops.add(send(cluster, 3, TEXT));
      return Trial.of(hook.name(), cluster, ops);
    }
  }

  @Test
  @Tag("quick")
  void f4AfterPersistBeforeTheReply() {
    try (var cluster = Cluster.of(1).hook(Hook.PERSISTED).start()) {
      var sender = new Sender(KEY, 2).withKey("f4");
      var ops = new ArrayList<Op>();
      ops.add(send(cluster, 1, TEXT));
      cluster.order(Hook.PERSISTED.name(), Order.halt().where("Accepted["));
      ops.add(sender.once(cluster.node(1), TEXT));
      assertFalse(cluster.isOpen(Hook.PERSISTED.name()), "the hook was not reached");
      ops.add(sender.once(cluster.node(1), TEXT));
      ops.add(send(cluster, 3, TEXT));
      ops.add(sender.once(cluster.node(1), TEXT));
      var trial = Trial.of("F4", cluster, ops).mustBeClean().mustAcknowledge(4);
      assertEquals(Result.UNKNOWN, ops.get(1).result());
      assertEquals(1, trial.restarts());
      var begun = Runs.begun(trial.stored().journals().get(KEY));
      assertEquals(3, begun.size());
      for (int retry : List.of(2, 4)) {
        assertEquals(Optional.of(begun.get(1)), ops.get(retry).run());
        assertEquals(Telling.WHOLE, ops.get(retry).telling());
        assertFalse(ops.get(retry).told().isEmpty());
        assertEquals(ops.get(2).told(), ops.get(retry).told());
      }
    }
  }

  @Test
  void f5BeforePersist() {
    var order = Order.to(Order.Action.HALT, 300);
    var trial = halted(Cluster.of(1).hook(Hook.BEFORE_PERSIST), Hook.BEFORE_PERSIST, order, TEXT);
    trial.mustBeClean();
    assertEquals(Result.UNKNOWN, trial.ops().get(1).result());
    assertEquals(2, Runs.begun(trial.stored().journals().get(KEY)).size());
  }

  @Test
  void f2BetweenIntentAndStartOfATool() {
    var trial =
        halted(
            Cluster.of(1).hook(Hook.TOOL_START),
            Hook.TOOL_START,
            Order.halt(),
            "CALL_TOOL note_once {}");
    trial.mustBeClean();
    assertEquals(List.of(ToolOutcome.UNKNOWN), trial.outcomes());
    assertEquals(0, trial.stored().effects().size());
  }

  @Test
  void f2AToolThatMayRunTwiceIsRunAfterAll() {
    var trial =
        halted(
            Cluster.of(1).hook(Hook.TOOL_START),
            Hook.TOOL_START,
            Order.halt(),
            "CALL_TOOL note {}");
    trial.mustBeClean();
    assertEquals(List.of(ToolOutcome.OK), trial.outcomes());
    assertEquals(1, trial.stored().effects().size());
  }

  @Test
  @Tag("quick")
  void f3AfterTheEffectBeforeItsResult() {
    var trial = halted(Cluster.of(1), Hook.TOOL_DONE, Order.halt(), "CALL_TOOL note_once {}");
    trial.mustBeClean();
    assertEquals(List.of(ToolOutcome.UNKNOWN), trial.outcomes());
    assertEquals(1, trial.stored().effects().size());
  }

  @Test
  void f3AToolThatMayRunTwiceRunsTwice() {
    var trial = halted(Cluster.of(1), Hook.TOOL_DONE, Order.halt(), "CALL_TOOL note {}");
    trial.mustBeClean();
    assertEquals(List.of(ToolOutcome.OK), trial.outcomes());
    assertEquals(2, trial.stored().effects().size());
  }

  @Test
  void f7WhileASnapshotIsWritten() {
    try (var cluster = Cluster.of(1).hook(Hook.SNAPSHOT).start()) {
      cluster.order(Hook.SNAPSHOT.name(), Order.halt());
      var ops = new ArrayList<Op>();
      for (int number = 1; number <= 55; number++) {
        ops.add(send(cluster, number, "[[fake tokens=1]]"));
      }
      assertFalse(cluster.isOpen(Hook.SNAPSHOT.name()), "no snapshot was written");
      Trial.of("F7", cluster, ops).mustBeClean().mustAcknowledge(54);
      assertEquals(1, cluster.restarts());
    }
  }

  @Test
  void f1UnderLoad() {
    var plan = FaultPlan.of("F1");
    int victim = 1 + plan.random().nextInt(NODES);
    plan.times(2, "kill -9 of node " + victim, cluster -> cluster.node(victim).crash());
    try (var cluster = Cluster.of(NODES).start()) {
      Trial.run(cluster, plan)
          .mustBeClean()
          .mustAcknowledge(20)
          .mustBeBackWithin(Duration.ofSeconds(30))
          .mustServeAfterwards(Given.sessions());
      assertEquals(2, cluster.restarts());
    }
  }
}
