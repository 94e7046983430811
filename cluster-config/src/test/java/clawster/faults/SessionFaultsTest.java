package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.faults.Op.Result;
import clawster.faults.Order.Action;
import clawster.stories.Await;
import clawster.stories.Caller;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final int FLOOD = 500;

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

  /** They come while the node does not look, so that the machine has to keep them all for it. */
  @Test
  @Tag("quick")
  void f41FiveHundredAtOnceForOneSession() throws IOException {
    assumeTrue(longestBacklog() >= FLOOD, "this machine keeps fewer connections for a program");
    try (var cluster = Cluster.of(1).start()) {
      var ops = new ArrayList<>(flood(cluster, "warm"));
      Trial.settled(cluster);
      long warm = Jcmd.liveBytes(cluster.node(1).pid());
      ops.addAll(flood(cluster, "hot"));
      var trial = Trial.of("F41", cluster, ops).mustBeClean().mustAcknowledge(2 * 33);
      assertEquals(2 * FLOOD, ops.size());
      assertEquals(List.of(), ops.stream().filter(op -> op.result() == Result.UNKNOWN).toList());
      assertTrue(ops.stream().anyMatch(op -> op.result() == Result.REFUSED), "nothing was refused");
      trial.mustAnswerWithin(Duration.ofSeconds(30));
      Await.until(
          "the heap is no bigger than the " + warm + " bytes it was",
          () -> Jcmd.liveBytes(cluster.node(1).pid()) <= 1.2 * warm);
    }
  }

  /** Over connections of its own, which are closed in the end. */
  private static List<Op> flood(Cluster cluster, String session) {
    var at = cluster.node(1).address().orElseThrow();
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return flood(cluster.node(1), new Caller(http, at, ""), session);
    }
  }

  private static List<Op> flood(RigNode node, Caller caller, String session) {
    var ops = Collections.synchronizedList(new ArrayList<Op>());
    node.pause();
    var threads =
        IntStream.rangeClosed(1, FLOOD)
            .mapToObj(number -> new Sender("agent:default:" + session, number))
            .map(
                sender ->
                    Thread.ofVirtual()
                        .start(
                            () ->
                                sender
                                    .send(caller, "[[fake tokens=2 delay=20]]", false)
                                    .ifPresent(ops::add)))
            .toList();
    // No longer than a node takes itself for a member without having looked.
    Load.park(Duration.ofSeconds(1));
    node.resume();
    threads.forEach(SessionFaultsTest::join);
    return ops;
  }

  /** How many connections Linux keeps for a program; such a file is read in one piece or not. */
  private static int longestBacklog() throws IOException {
    var limit = Path.of("/proc/sys/net/core/somaxconn");
    if (!Files.exists(limit)) {
      return 0;
    }
    try (var file = Files.newInputStream(limit)) {
      return Integer.parseInt(new String(file.readNBytes(64), StandardCharsets.US_ASCII).strip());
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
