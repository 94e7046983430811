package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.faults.Op.Result;
import clawster.faults.Order.Action;
import clawster.stories.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One session is treated badly. */
@Tag("faults")
@Timeout(200)
final class SessionFaultsTest {

  private static final String TEXT = "[[fake tokens=5]]";

  private static Op send(Cluster cluster, String session, int number, String script) {
    return Sender.once(cluster.node(1), "agent:default:" + session, number, script);
  }

  @Test
  void f30WhoLeavesMidStreamFindsTheWholeAnswerLater() {
    try (var cluster = Cluster.of(1).start()) {
      var caller = cluster.node(1).caller();
      var ops = new ArrayList<Op>();
      for (int i = 1; i <= 10; i++) {
        var sender = new Sender("agent:default:leaves-" + i, 1);
        ops.add(sender.leave(caller, "[[fake tokens=60 delay=10]]", i));
      }
      Trial.of("F30", cluster, ops).mustBeClean().mustAcknowledge(10);
    }
  }

  @Test
  void f36AMessageThatMakesTheSessionThrow() {
    try (var cluster = Cluster.of(1).hook(Hook.RECEIVED).start()) {
      var ops = new ArrayList<Op>();
      ops.add(send(cluster, "poisoned", 1, TEXT));
      cluster.order(Hook.RECEIVED.name(), Order.to(Action.THROW, 0).where("POISON"));
      ops.add(send(cluster, "poisoned", 2, "POISON " + TEXT));
      ops.add(send(cluster, "other", 1, TEXT));
      ops.add(send(cluster, "poisoned", 3, TEXT));
      var trial = Trial.of("F36", cluster, ops).mustBeClean().mustAcknowledge(3);
      assertEquals(Result.UNKNOWN, trial.ops().get(1).result());
      trial.mustAnswerWithin(Duration.ofSeconds(17));
      assertEquals(0, trial.restarts());
    }
  }

  @Test
  void f41FiveHundredAtOnceForOneSession() {
    try (var cluster = Cluster.of(1).start()) {
      var caller = cluster.node(1).caller();
      var ops = Collections.synchronizedList(new ArrayList<Op>());
      var threads =
          IntStream.rangeClosed(1, 500)
              .mapToObj(
                  number ->
                      Thread.ofVirtual()
                          .start(
                              () ->
                                  new Sender("agent:default:hot", number)
                                      .send(caller, "[[fake tokens=2 delay=20]]", false)
                                      .ifPresent(ops::add)))
              .toList();
      threads.forEach(SessionFaultsTest::join);
      var trial = Trial.of("F41", cluster, ops).mustBeClean().mustAcknowledge(33);
      assertTrue(ops.stream().anyMatch(op -> op.result() == Result.REFUSED), "nothing was refused");
      assertEquals(500, ops.size());
      trial.mustAnswerWithin(Duration.ofSeconds(30));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void f47OneMessageTakesAllMemory() {
    try (var cluster = Cluster.of(1).hook(Hook.RECEIVED).start()) {
      var ops = new ArrayList<Op>();
      ops.add(send(cluster, "frugal", 1, TEXT));
      cluster.order(Hook.RECEIVED.name(), Order.to(Action.EXHAUST, 0).where("GREEDY"));
      ops.add(send(cluster, "greedy", 1, "GREEDY " + TEXT));
      ops.add(send(cluster, "frugal", 2, TEXT));
      ops.add(send(cluster, "greedy", 2, TEXT));
      var trial = Trial.of("F47", cluster, ops).mustBeClean().mustAcknowledge(3);
      assertEquals(1, trial.restarts());
      assertEquals(3, cluster.node(1).lastExit());
    }
  }

  @Test
  void f35OneUnreadableEvent() {
    var setup = Cluster.of(1).environment("CLAWSTER_SESSION_IDLE_SECONDS", "1");
    try (var cluster = setup.start()) {
      var ops = new ArrayList<Op>();
      ops.add(send(cluster, "unreadable", 1, TEXT));
      ops.add(send(cluster, "unreadable", 2, TEXT));
      ops.add(send(cluster, "fine", 1, TEXT));
      Load.park(Duration.ofSeconds(4));
      poison(cluster, "'\\x00'::bytea || event_payload");
      var caller = cluster.node(1).caller();
      assertBounded(caller, 500, 503);
      ops.add(send(cluster, "fine", 2, TEXT));
      assertTrue(
          cluster.node(1).said().contains("unreadable session."), "the log says what is wrong");
      poison(cluster, "substring(event_payload from 2)");
      clawster.stories.Await.until(
          "the session is read again",
          Duration.ofSeconds(30),
          () -> caller.session("agent:default:unreadable").status() == 200);
      Trial.of("F35", cluster, ops).mustBeClean().mustAcknowledge(4);
    }
  }

  private static void poison(Cluster cluster, String payload) {
    Server.execute(
        cluster.database(),
        """
        update event_journal set event_payload = %s where sequence_number = 2 and persistence_id =
          (select 'session|' || id from session where key = 'agent:default:unreadable')
        """
            .formatted(payload));
  }

  private static void assertBounded(Caller caller, int... statuses) {
    long asked = System.nanoTime();
    int status = caller.session("agent:default:unreadable").status();
    assertTrue(IntStream.of(statuses).anyMatch(s -> s == status), "status " + status);
    assertTrue(System.nanoTime() - asked < Duration.ofSeconds(17).toNanos());
  }

  @Test
  void f48NothingBlocksTheDispatcher() {
    try (var cluster = Cluster.of(1).hook(Hook.RECEIVED).start()) {
      var load =
          new Load(cluster::edges, Given.seed(), Duration.ofMillis(200)).start(Given.sessions());
      Load.park(Duration.ofSeconds(2));
      assertEquals(List.of(), StarvationDetector.blocked(cluster.node(1).pid(), 10));
      cluster.order(Hook.RECEIVED.name(), Order.to(Action.BLOCK, 100));
      var found = StarvationDetector.blocked(cluster.node(1).pid(), 20);
      cluster.withdraw(Hook.RECEIVED.name());
      assertFalse(found.isEmpty(), "a blocked dispatcher was not found");
      var ops = load.stop();
      Trial.of("F48", cluster, ops).mustBeClean();
    }
  }
}
