package clawster.persistence.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.kernel.Ids;
import clawster.runtime.runs.RunGone;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PostgresRunLogTest {

  private static final UUID SESSION = UUID.randomUUID();

  private static Database database;
  private static NodeWriter writer;
  private static PostgresRunLog log;

  private final UUID session = UUID.randomUUID();

  @BeforeAll
  static void open() {
    DatabaseAddress address = TestDatabase.migrated("run_log");
    database = new Database(address);
    writer = new NodeWriter(database, _ -> {}, () -> {});
    log = new PostgresRunLog(database, writer, _ -> {});
  }

  @AfterAll
  static void close() {
    writer.close();
    database.close();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** A run of which two entries are in its log. */
  private RunId begun(RunId run, long revision) {
    log.open(run, 1, RunPlace.of(session, revision, 0));
    log.append(run, 0, new RunWord.Accepted("s"));
    done(log.append(run, 0, new RunWord.Text("t")));
    return run;
  }

  @Test
  void aRunWhoseDayIsGoneReadsAsEmptyAndCannotBeClaimed() {
    var run = new RunId(Ids.at(Instant.parse("2020-03-01T12:00:00Z").toEpochMilli()));
    assertEquals(List.of(), done(log.read(run, 0, 10)));
    var claim = log.claim(run, 2, RunPlace.of(SESSION, 1, 0)).toCompletableFuture();
    assertInstanceOf(
        RunGone.class, assertThrows(CompletionException.class, claim::join).getCause());
  }

  @Test
  void runsAreListedInTheOrderInWhichTheirLogsBeganWhateverTheirIdsSay() {
    var older = new RunId(Ids.at(Instant.now().toEpochMilli() - 1));
    var newer = RunId.next();
    begun(newer, 1);
    begun(older, 2);
    assertEquals(List.of(newer, older), done(log.runs(session, Optional.empty())));
    assertEquals(List.of(older), done(log.runs(session, Optional.of(newer))));
    assertEquals(List.of(), done(log.runs(session, Optional.of(older))));
    assertEquals(Optional.of(older), done(log.newest(session)));
  }

  @Test
  void runsAreListedAPageAtATime() {
    var runs = IntStream.range(1, 131).mapToObj(i -> begun(RunId.next(), i)).toList();
    var first = done(log.runs(session, Optional.empty()));
    assertEquals(runs.subList(0, 100), first);
    assertEquals(runs.subList(100, 130), done(log.runs(session, Optional.of(first.getLast()))));
  }

  @Test
  void runsAtOnePlaceAreListedEachOnce() {
    var runs = IntStream.range(0, 3).mapToObj(_ -> begun(RunId.next(), 7)).sorted().toList();
    assertEquals(runs, done(log.runs(session, Optional.empty())));
    assertEquals(runs.subList(2, 3), done(log.runs(session, Optional.of(runs.get(1)))));
  }

  @Test
  void aRunIsListedOnceItsLogHasBegun() {
    var run = RunId.next();
    log.open(run, 1, RunPlace.of(session, 1, 0));
    assertEquals(List.of(), done(log.runs(session, Optional.empty())));
    assertEquals(Optional.empty(), done(log.newest(session)));
    assertFalse(done(log.hasBegun(session, run)));
    begun(run, 1);
    assertEquals(List.of(run), done(log.runs(session, Optional.empty())));
    assertTrue(done(log.hasBegun(session, run)));
    assertFalse(done(log.hasBegun(SESSION, run)), "it is another session's");
  }

  @Test
  void aClaimBeginsALogThatHasNotBegunAndMovesNoOther() {
    var begun = begun(RunId.next(), 3);
    var late = RunId.next();
    done(log.claim(late, 2, RunPlace.of(session, 5, 1)));
    done(log.claim(begun, 2, RunPlace.of(session, 5, 2)));
    assertEquals(List.of(begun, late), done(log.runs(session, Optional.empty())));
  }
}
