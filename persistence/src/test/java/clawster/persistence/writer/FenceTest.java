package clawster.persistence.writer;

import static clawster.persistence.writer.NodeWriterTest.done;
import static clawster.persistence.writer.NodeWriterTest.failure;
import static clawster.persistence.writer.NodeWriterTest.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.Await;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.runs.PostgresRunLog;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may write a run, when two want to, and when nobody knows what was written. */
@Timeout(60)
final class FenceTest {

  private static final int CLAIMS = 60;
  private static final int OTHERS = 20;

  private static final RunPlace SOMEWHERE = RunPlace.of(UUID.randomUUID(), 1, 0);

  private static DatabaseAddress address;

  @BeforeAll
  static void database() {
    address = TestDatabase.migrated("fence");
  }

  @Test
  void aClaimStopsABusyWriterOfThatRunAndOfNoOther() throws Exception {
    var shownByStale = new Shown();
    var shownByOwner = new Shown();
    try (var database = new Database(address);
        var stale = new NodeWriter(database, shownByStale, () -> {});
        var owner = new NodeWriter(database, shownByOwner, () -> {})) {
      var claims = new PostgresRunLog(database, owner, feed(shownByOwner));
      var others = new Others(stale);
      for (int i = 0; i < CLAIMS; i++) {
        var run = RunId.next();
        var writing = new Writing(stale, run);
        writing.awaitFirst();
        var before = done(claims.claim(run, 2, SOMEWHERE));
        var mine = new ArrayList<CompletionStage<Long>>();
        for (int n = 0; n < 5; n++) {
          mine.add(claims.append(run, 0, new RunWord.Text("mine " + n)));
        }
        mine.add(claims.append(run, 0, new RunWord.Aborted()));
        mine.forEach(NodeWriterTest::done);
        writing.end();
        assertInstanceOf(RunLost.class, failure(stale.append(run, 0, new RunWord.Aborted())));
        var stored = stored(database, run);
        assertDense(stored);
        assertEquals(before, stored.subList(0, before.size()), "nothing slips in before a claim");
        assertEquals(before.size() + 6, stored.size(), "only the owner writes after a claim");
        assertTrue(stored.stream().skip(before.size() - 1).allMatch(e -> e.epoch() == 2));
        var shown = new ArrayList<>(shownByStale.of(run));
        shown.addAll(shownByOwner.of(run));
        assertEquals(stored, shown);
      }
      others.end();
      for (var other : others.runs) {
        var stored = stored(database, other);
        assertDense(stored);
        assertEquals(stored, shownByStale.of(other));
        assertEquals(others.written, stored.size());
      }
    }
  }

  @Test
  void aClaimOnTheSameNodeOvertakesRowsStillOnTheirWay() {
    var shown = new Shown();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, shown, () -> {})) {
      var log = new PostgresRunLog(database, writer, feed(shown));
      for (int i = 0; i < 200; i++) {
        var run = RunId.next();
        log.open(run, 1, SOMEWHERE);
        var old = texts(writer, run, "old", 1 + i % 7);
        if (i % 3 == 0) {
          done(old.getFirst());
        }
        old.addAll(texts(writer, run, "old", i % 5));
        if (i % 2 == 0) {
          log.close(run);
        }
        var before = done(log.claim(run, 2, SOMEWHERE));
        old.addAll(texts(writer, run, "new", 3));
        done(log.append(run, 0, new RunWord.Aborted()));
        var stored = stored(database, run);
        assertDense(stored);
        assertEquals(before, stored.subList(0, before.size()));
        assertEquals(
            List.of(
                new RunWord.Text("new 0"),
                new RunWord.Text("new 1"),
                new RunWord.Text("new 2"),
                new RunWord.Aborted()),
            stored.stream().skip(before.size()).map(RunEntry::word).toList());
        assertEquals(
            stored.stream().map(RunEntry::seq).sorted().toList(),
            shown.of(run).stream().map(RunEntry::seq).sorted().toList());
      }
    }
  }

  /** The old owner's rows and the new owner's are in one commit. */
  @Test
  void rowsOfTwoOwnersInOneCommitAreToldApart() throws Exception {
    var shown = new Shown();
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var blocker = RunId.next();
    try (var database = new Database(address);
        var writer =
            new NodeWriter(
                database,
                committed -> {
                  shown.accept(committed);
                  if (committed.containsKey(blocker)) {
                    entered.countDown();
                    await(leave);
                  }
                },
                () -> {})) {
      var log = new PostgresRunLog(database, writer, feed(shown));
      var run = RunId.next();
      log.open(run, 1, SOMEWHERE);
      done(log.append(run, 0, new RunWord.Accepted("s")));
      log.open(blocker, 1, SOMEWHERE);
      log.append(blocker, 0, new RunWord.Aborted());
      entered.await();
      var old = texts(writer, run, "old", 4);
      log.close(run);
      assertEquals(2, done(log.claim(run, 2, SOMEWHERE)).size());
      var mine = texts(writer, run, "new", 4);
      leave.countDown();
      old.forEach(word -> assertInstanceOf(RunLost.class, failure(word)));
      assertEquals(List.of(3L, 4L, 5L, 6L), mine.stream().map(NodeWriterTest::done).toList());
      var stored = stored(database, run);
      assertDense(stored);
      assertEquals(stored, shown.of(run));
      assertTrue(
          stored.stream()
              .skip(2)
              .allMatch(e -> e.word() instanceof RunWord.Text t && t.text().startsWith("new")),
          stored.toString());
    }
  }

  @Test
  void anAnswerLostOnTheWayLosesAndRepeatsNothing() throws Exception {
    var shown = new Shown();
    try (var proxy = new TestProxy(address);
        var database = new Database(proxy.address());
        var writer = new NodeWriter(database, shown, () -> {})) {
      var runs = IntStream.range(0, 10).mapToObj(_ -> RunId.next()).toList();
      runs.forEach(run -> writer.open(run, 1, SOMEWHERE));
      var words = new ArrayList<CompletionStage<Long>>();
      for (int round = 0; round < 30; round++) {
        var marker = "(cut %d)".formatted(round);
        if (round % 3 == 2) {
          proxy.loseRequestWith(marker);
        } else {
          proxy.loseAnswerTo(marker);
        }
        for (int i = 0; i < runs.size(); i++) {
          var text = round + (i == round % 10 ? marker : "");
          words.add(writer.append(runs.get(i), round, new RunWord.Text(text)));
          words.add(writer.append(runs.get(i), round, new RunWord.Text("more")));
        }
        words.forEach(NodeWriterTest::done);
        words.clear();
      }
      assertEquals(30, proxy.cuts());
      try (var direct = new Database(address)) {
        for (var run : runs) {
          var stored = stored(direct, run);
          assertDense(stored);
          assertEquals(60, stored.size());
          assertEquals(
              IntStream.range(0, 60).mapToObj(n -> n / 2).toList(),
              stored.stream().map(RunEntry::step).toList());
          assertEquals(stored, shown.of(run));
        }
      }
    }
  }

  @Test
  void aCallerWhoseGoingIsInDoubtIsNotCountedOffTwice() throws Exception {
    try (var proxy = new TestProxy(address);
        var database = new Database(proxy.address());
        var writer = new NodeWriter(database, _ -> {}, () -> {})) {
      var run = waitedForByThree(writer);
      proxy.loseAnswerTo("mark.gone");
      done(writer.mark(run, false));
      assertEquals(1, proxy.cuts());
      assertEquals("2 f", waiting(run));
      done(writer.mark(run, false));
      assertEquals("1 f", waiting(run), "nobody doubts the next one");
    }
  }

  @Test
  void anAnswerWhoseDeliveryIsInDoubtCountsAsDelivered() throws Exception {
    try (var proxy = new TestProxy(address);
        var database = new Database(proxy.address());
        var writer = new NodeWriter(database, _ -> {}, () -> {})) {
      var run = waitedForByThree(writer);
      proxy.loseRequestWith("mark.gone");
      done(writer.mark(run, true));
      assertEquals(1, proxy.cuts());
      assertEquals("3 t", waiting(run));
    }
  }

  private static RunId waitedForByThree(NodeWriter writer) {
    var run = RunId.next();
    var asking = Optional.of(new Callers.Asking(new RequestHash("a"), "here"));
    done(writer.note(SessionId.of(new SessionKey("waited for")), run, asking));
    TestDatabase.execute(
        address, "update session_run set callers = 3 where run = '%s'".formatted(run));
    return run;
  }

  private static String waiting(RunId run) {
    return TestDatabase.query(
        address,
        "select concat_ws(' ', callers, closed) from session_run where run = '%s'".formatted(run));
  }

  @Test
  void aClaimDuringAnUnknownOutcomeIsRespected() throws Exception {
    var shown = new Shown();
    try (var proxy = new TestProxy(address);
        var direct = new Database(address);
        var database = new Database(proxy.address());
        var stale = new NodeWriter(database, shown, () -> {});
        var owner = new NodeWriter(direct, shown, () -> {})) {
      var claims = new PostgresRunLog(direct, owner, feed(shown));
      for (int round = 0; round < 10; round++) {
        var run = RunId.next();
        stale.open(run, 1, SOMEWHERE);
        done(stale.append(run, 0, new RunWord.Accepted("s")));
        var marker = "(lost %d)".formatted(round);
        if (round % 2 == 0) {
          proxy.loseAnswerTo(marker);
        } else {
          proxy.loseRequestWith(marker);
        }
        var first = stale.append(run, 0, new RunWord.Text(marker));
        var second = stale.append(run, 0, new RunWord.Text("behind"));
        int cuts = round + 1;
        Await.until("a cut", () -> proxy.cuts() >= cuts);
        var before = done(claims.claim(run, 2, SOMEWHERE));
        done(claims.append(run, 0, new RunWord.Aborted()));
        settle(first);
        settle(second);
        var stored = stored(direct, run);
        assertDense(stored);
        assertEquals(before.size() + 1, stored.size());
        assertEquals(
            stored.stream().map(RunEntry::seq).toList(),
            shown.of(run).stream().map(RunEntry::seq).sorted().toList());
      }
    }
  }

  private static java.util.function.Consumer<RunFeed.Command> feed(Shown shown) {
    return command -> {
      if (command instanceof RunFeed.Committed(var entries)) {
        shown.accept(entries);
      }
    };
  }

  private static void assertDense(List<RunEntry> entries) {
    assertEquals(
        LongStream.rangeClosed(1, entries.size()).boxed().toList(),
        entries.stream().map(RunEntry::seq).toList());
  }

  private static List<CompletionStage<Long>> texts(
      NodeWriter writer, RunId run, String word, int count) {
    var all = new ArrayList<CompletionStage<Long>>();
    for (int i = 0; i < count; i++) {
      all.add(writer.append(run, 0, new RunWord.Text(word + " " + i)));
    }
    return all;
  }

  /** Waits for an end, whichever. */
  private static void settle(CompletionStage<?> stage) {
    done(stage.handle((_, _) -> true));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Goes on writing one run, a few words at a time, until it has lost it. */
  private static final class Writing {
    private final CountDownLatch first = new CountDownLatch(3);
    private final Thread thread;

    Writing(NodeWriter writer, RunId run) {
      writer.open(run, 1, SOMEWHERE);
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    CompletionStage<Long> last;
                    do {
                      last = texts(writer, run, "stale", 7).getLast();
                      settle(last);
                      first.countDown();
                    } while (!last.toCompletableFuture().isCompletedExceptionally());
                  });
    }

    void awaitFirst() throws InterruptedException {
      first.await();
    }

    void end() throws InterruptedException {
      thread.join();
    }
  }

  /** Runs nobody claims, written all the time. */
  private static final class Others {
    private final List<RunId> runs =
        IntStream.range(0, OTHERS).mapToObj(_ -> RunId.next()).toList();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;
    private int written;

    Others(NodeWriter writer) {
      runs.forEach(run -> writer.open(run, 1, SOMEWHERE));
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!ended.get()) {
                      var all = new ArrayList<CompletionStage<Long>>();
                      runs.forEach(run -> all.addAll(texts(writer, run, "other", 2)));
                      all.forEach(NodeWriterTest::done);
                      written += 2;
                    }
                  });
    }

    void end() throws InterruptedException {
      ended.set(true);
      thread.join();
    }
  }
}
