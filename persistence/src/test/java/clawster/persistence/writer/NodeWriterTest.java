package clawster.persistence.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.runs.PostgresRunLog;
import clawster.runtime.kernel.Ids;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.InputMode;
import clawster.runtime.sessions.SessionDirectory.Summary;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NodeWriterTest {

  private static final RunPlace SOMEWHERE = RunPlace.of(UUID.randomUUID(), 1, 0);

  private static DatabaseAddress address;

  @BeforeAll
  static void database() {
    address = TestDatabase.migrated("node_writer");
  }

  /** The first commit is not over until it is let go: what comes meanwhile is in one commit. */
  private static final class Held {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);

    /** Does not fail: that would be a bug of the writer, which ends this JVM. */
    void pass() {
      entered.countDown();
      try {
        leave.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    void awaitCommit() {
      await(entered);
    }

    void letGo() {
      leave.countDown();
    }
  }

  @Test
  void entriesAreDenseFromOneAndInTheOrderOfCalls() {
    var shown = new Shown();
    var run = RunId.next();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, shown, () -> {})) {
      writer.open(run, 1, SOMEWHERE);
      var seqs =
          IntStream.range(0, 500)
              .mapToObj(i -> writer.append(run, 0, new RunWord.Text("t" + i)))
              .toList();
      assertEquals(
          LongStream.rangeClosed(1, 500).boxed().toList(),
          seqs.stream().map(NodeWriterTest::done).toList());
      var stored = stored(database, run);
      assertEquals(
          IntStream.range(0, 500).mapToObj(i -> (RunWord) new RunWord.Text("t" + i)).toList(),
          stored.stream().map(RunEntry::word).toList());
      assertEquals(stored, shown.of(run));
    }
  }

  @Test
  void whatIsShownIsCommittedAlready() {
    var missing = new AtomicReference<String>("nothing was shown");
    var run = RunId.next();
    try (var database = new Database(address);
        var writer =
            new NodeWriter(database, shown -> missing.set(missing(shown.get(run))), () -> {})) {
      writer.open(run, 1, SOMEWHERE);
      for (int i = 0; i < 20; i++) {
        done(writer.append(run, i, new RunWord.Text("t" + i)));
        assertEquals("", missing.get());
      }
    }
  }

  private static String missing(List<RunEntry> entries) {
    return entries.stream()
        .filter(
            entry ->
                TestDatabase.query(
                        address, "select count(*) from run_log where step = " + entry.step())
                    .equals("0"))
        .toList()
        .stream()
        .findAny()
        .map(Object::toString)
        .orElse("");
  }

  @Test
  void aRunThatWasNeverOpenedOrIsClosedTakesNoWords() {
    try (var database = new Database(address);
        var writer = new NodeWriter(database, new Shown(), () -> {})) {
      var run = RunId.next();
      assertInstanceOf(RunLost.class, failure(writer.append(run, 0, new RunWord.Aborted())));
      writer.open(run, 1, SOMEWHERE);
      var last = writer.append(run, 0, new RunWord.Aborted());
      writer.close(run);
      assertInstanceOf(RunLost.class, failure(writer.append(run, 0, new RunWord.Aborted())));
      assertEquals(1, done(last));
    }
  }

  @Test
  void closingWritesWhatIsWaiting() {
    var run = RunId.next();
    var database = new Database(address);
    var writer = new NodeWriter(database, new Shown(), () -> {});
    writer.open(run, 1, SOMEWHERE);
    for (int i = 0; i < 1_000; i++) {
      writer.append(run, 0, new RunWord.Text("x"));
    }
    writer.close();
    assertEquals(1_000, stored(database, run).size());
    database.close();
  }

  @Test
  void whileTheDatabaseIsAwayNotesFailAtOnceAndWordsWait() throws Exception {
    var shown = new Shown();
    var calls = new CountDownLatch(1);
    var run = RunId.next();
    var session = new SessionId(UUID.randomUUID());
    try (var proxy = new TestProxy(address);
        var database = new Database(proxy.address());
        var writer = new NodeWriter(database, shown, calls::countDown)) {
      writer.open(run, 1, SOMEWHERE);
      done(writer.append(run, 0, new RunWord.Accepted("s")));
      proxy.leave();
      var word = writer.append(run, 0, new RunWord.Text("kept"));
      assertTrue(calls.await(10, TimeUnit.SECONDS), "told that the database is away");
      assertInstanceOf(DatabaseAway.class, failure(writer.note(session, RunId.next())));
      var line = writer.show(line(session, 3, "kept too"), false);
      var more = writer.append(run, 0, new RunWord.Text("and this"));
      proxy.comeBack();
      assertEquals(2, done(word));
      assertEquals(3, done(more));
      done(line);
      done(writer.note(session, RunId.next()));
      assertEquals(3, shown.of(run).size());
    }
    try (var database = new Database(address)) {
      assertEquals(shown.of(run), stored(database, run));
    }
  }

  @Test
  void anOlderLineNeverReplacesANewer() {
    var session = new SessionId(UUID.randomUUID());
    try (var database = new Database(address);
        var writer = new NodeWriter(database, new Shown(), () -> {})) {
      done(writer.show(line(session, 5, "five"), false));
      done(writer.show(line(session, 4, "four"), false));
      assertEquals("five", label(session));
      done(writer.show(line(session, 6, "six"), true));
      assertEquals("six", label(session));
    }
  }

  @Test
  void ofTwoLinesOfOneSessionInACommitTheNewerCounts() {
    var session = new SessionId(UUID.randomUUID());
    var run = RunId.next();
    var held = new Held();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, _ -> held.pass(), () -> {})) {
      writer.open(run, 1, SOMEWHERE);
      writer.append(run, 0, new RunWord.Aborted());
      held.awaitCommit();
      var lines =
          List.of(
              writer.show(line(session, 1, "one"), false),
              writer.show(line(session, 3, "three"), false),
              writer.show(line(session, 2, "two"), false));
      held.letGo();
      lines.forEach(NodeWriterTest::done);
      assertEquals("three", label(session));
    }
  }

  @Test
  void aLineThatPostgresCannotHoldDoesNotStopTheOthers() {
    var poisoned = new SessionId(UUID.randomUUID());
    var healthy = new SessionId(UUID.randomUUID());
    var run = RunId.next();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, new Shown(), () -> {})) {
      var first = writer.show(line(poisoned, 1, "a\u0000b\ud800c"), false);
      var second = writer.show(line(healthy, 1, "fine"), false);
      writer.open(run, 1, SOMEWHERE);
      done(writer.append(run, 0, new RunWord.Aborted()));
      done(first);
      done(second);
      assertEquals("fine", label(healthy));
      assertEquals("a\ufffdb\ufffdc", label(poisoned));
    }
  }

  /** No partition takes such a run. */
  @Test
  void aRunOfAForgottenDayIsLostAndAllOthersGoOn() {
    var old = new RunId(Ids.at(1_000));
    var run = RunId.next();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, new Shown(), () -> {})) {
      writer.open(old, 1, SOMEWHERE);
      writer.open(run, 1, SOMEWHERE);
      var words = new ArrayList<CompletionStage<Long>>();
      words.add(writer.append(old, 0, new RunWord.Text("too late")));
      words.add(writer.append(run, 0, new RunWord.Text("in time")));
      words.add(writer.append(old, 0, new RunWord.Aborted()));
      words.add(writer.append(run, 0, new RunWord.Aborted()));
      assertInstanceOf(RunLost.class, failure(words.get(0)));
      assertInstanceOf(RunLost.class, failure(words.get(2)));
      assertEquals(1, done(words.get(1)));
      assertEquals(2, done(words.get(3)));
      assertInstanceOf(RunLost.class, failure(writer.append(old, 0, new RunWord.Aborted())));
    }
  }

  @Test
  void whatNobodyWaitsForGoesWithWhatSomebodyWaitsFor() {
    var sizes = new ArrayList<Integer>();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, sizes(sizes), () -> {})) {
      // On a busy machine the writer may wake in between, but not every time.
      for (int time = 0; time < 20 && !sizes.contains(2); time++) {
        var run = RunId.next();
        writer.open(run, 1, SOMEWHERE);
        writer.append(run, 0, new RunWord.Accepted("s"));
        done(writer.append(run, 0, new RunWord.Claimed()));
      }
      assertTrue(sizes.contains(2), sizes::toString);
    }
  }

  @Test
  void anEndingSettlesItsRunInTheSameCommit() {
    var session = SessionId.of(new SessionKey("ends"));
    var settled = new ArrayList<String>();
    var run = RunId.next();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, _ -> settled.add(settled(run)), () -> {})) {
      done(writer.note(session, run));
      writer.open(run, 1, SOMEWHERE);
      done(writer.append(run, 0, new RunWord.Claimed()));
      done(writer.append(run, 0, new RunWord.Aborted()));
      assertEquals(List.of("f", "t"), settled);
    }
  }

  private static String settled(RunId run) {
    return TestDatabase.query(address, "select settled from session_run where run = '" + run + "'");
  }

  @Test
  void aDeadlockIsTriedAgainAtOnceAndNobodyHearsOfIt() {
    var session = SessionId.of(new SessionKey("deadlock"));
    var unreachable = new AtomicBoolean();
    deadlock(4);
    try (var database = new Database(address);
        var writer = new NodeWriter(database, new Shown(), () -> unreachable.set(true))) {
      done(writer.note(session, RunId.next()));
      assertFalse(unreachable.get());
      deadlock(5);
      assertInstanceOf(DatabaseAway.class, failure(writer.note(session, RunId.next())));
    } finally {
      TestDatabase.execute(address, "drop function deadlocks cascade; drop sequence deadlock");
    }
  }

  /** So many of the next notes end in one; a sequence counts those too that were undone. */
  private static void deadlock(int times) {
    TestDatabase.execute(
        address,
        """
        drop sequence if exists deadlock;
        create sequence deadlock;
        create or replace function deadlocks() returns trigger language plpgsql as $$
        begin
          if nextval('deadlock') <= %d then raise exception using errcode = '40P01'; end if;
          return new;
        end $$;
        create or replace trigger deadlocks before insert on session_run
          for each row execute function deadlocks()
        """
            .formatted(times));
  }

  /** Or two nodes' batches would wait for each other. */
  @Test
  void notesOfACommitAreWrittenInTheOrderOfTheirRuns() {
    var held = new Held();
    var run = RunId.next();
    var session = new SessionId(UUID.randomUUID());
    var runs = IntStream.range(0, 20).mapToObj(_ -> RunId.next()).toList();
    try (var database = new Database(address);
        var writer = new NodeWriter(database, _ -> held.pass(), () -> {})) {
      writer.open(run, 1, SOMEWHERE);
      writer.append(run, 0, new RunWord.Aborted());
      held.awaitCommit();
      var notes = runs.reversed().stream().map(each -> writer.note(session, each)).toList();
      held.letGo();
      notes.forEach(NodeWriterTest::done);
      assertEquals(
          runs.stream().sorted().map(RunId::toString).collect(Collectors.joining(" ")),
          TestDatabase.query(
              address,
              "select string_agg(run::text, ' ' order by ctid) from session_run where session = '%s'"
                  .formatted(session)));
    }
  }

  @Test
  void aBacklogIsWrittenInBoundedBatchesAndKeepsNewRunsOut() {
    int backlog = 105_000;
    var sizes = new ArrayList<Integer>();
    var held = new Held();
    var run = RunId.next();
    var record = sizes(sizes);
    try (var database = new Database(address);
        var writer =
            new NodeWriter(
                database,
                entries -> {
                  record.accept(entries);
                  held.pass();
                },
                () -> {})) {
      writer.open(run, 1, SOMEWHERE);
      writer.append(run, 0, new RunWord.Claimed());
      held.awaitCommit();
      var words =
          IntStream.range(0, backlog)
              .mapToObj(i -> writer.append(run, 0, new RunWord.Text("t" + i)))
              .toList();
      var refused = failure(writer.note(SessionId.of(new SessionKey("late")), RunId.next()));
      assertInstanceOf(RejectedExecutionException.class, refused);
      held.letGo();
      assertEquals(backlog + 1, done(words.getLast()));
      assertTrue(sizes.stream().allMatch(size -> size <= 10_000), sizes::toString);
      assertEquals(backlog + 1, sizes.stream().mapToInt(Integer::intValue).sum());
    }
  }

  private static Consumer<Map<RunId, List<RunEntry>>> sizes(List<Integer> sizes) {
    return entries -> sizes.add(entries.values().stream().mapToInt(List::size).sum());
  }

  private static String label(SessionId session) {
    return TestDatabase.query(address, "select label from session where id = '" + session + "'");
  }

  static Summary line(SessionId id, long revision, String label) {
    var key = new SessionKey("agent:default:" + id);
    var profile =
        new SessionProfile(
            key, "default", true, "http", "system", label, "", Map.of("k", "v"), InputMode.QUEUE);
    return new Summary(id, revision, profile, 2, 3, 4, 5, Instant.now(), Instant.now());
  }

  static List<RunEntry> stored(Database database, RunId run) {
    return done(new PostgresRunLog(database, null, _ -> {}).read(run, 0, Integer.MAX_VALUE));
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
  }

  static Throwable failure(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS);
    return assertThrows(CompletionException.class, future::join).getCause();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
