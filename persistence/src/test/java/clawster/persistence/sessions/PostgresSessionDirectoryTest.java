package clawster.persistence.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.InputMode;
import clawster.runtime.sessions.SessionDirectory.OwedRun;
import clawster.runtime.sessions.SessionDirectory.Page;
import clawster.runtime.sessions.SessionDirectory.Query;
import clawster.runtime.sessions.SessionDirectory.Summary;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresSessionDirectoryTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00.123Z");

  private DatabaseAddress address;
  private Database database;
  private NodeWriter writer;
  private PostgresSessionDirectory directory;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("session_directory");
    database = new Database(address);
    writer = new NodeWriter(database, _ -> {}, () -> {});
    directory = new PostgresSessionDirectory(database, writer);
  }

  @AfterEach
  void close() {
    writer.close();
    database.close();
  }

  @Test
  void aLineReadsBackAsItWasShown() {
    var line = line("Grüße", 1, "default", "http", true);
    done(directory.show(line));
    assertEquals(new Page(List.of(line), 1), list(new Query("", "", false, 20, 0)));
  }

  @Test
  void pagesFollowEachOtherNewestFirstAndKnowTheTotal() {
    var lines =
        IntStream.range(0, 45)
            .mapToObj(i -> line("s" + i, 1 + i / 2, "default", "http", true))
            .toList();
    lines.stream().map(directory::show).toList().forEach(PostgresSessionDirectoryTest::done);
    var seen = new ArrayList<Summary>();
    for (int offset = 0; offset < 60; offset += 20) {
      var page = list(new Query("", "", false, 20, offset));
      assertEquals(45, page.total());
      seen.addAll(page.sessions());
    }
    assertEquals(45, seen.stream().map(Summary::id).distinct().count());
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(!seen.get(i).updated().isAfter(seen.get(i - 1).updated()));
    }
  }

  @Test
  void aPageBehindTheEndIsEmptyAndKnowsTheTotal() {
    done(directory.show(line("a", 1, "default", "http", true)));
    assertEquals(new Page(List.of(), 1), list(new Query("", "", false, 20, 60)));
    assertEquals(new Page(List.of(), 0), list(new Query("nobody", "", false, 20, 60)));
  }

  @Test
  void filtersTakeWhatTheyName() {
    done(directory.show(line("a", 1, "default", "http", true)));
    done(directory.show(line("b", 1, "poet", "http", true)));
    done(directory.show(line("c", 1, "poet", "telegram", true)));
    done(directory.show(line("d", 1, "poet", "http", false)));
    assertEquals(3, list(new Query("", "", false, 20, 0)).total());
    assertEquals(4, list(new Query("", "", true, 20, 0)).total());
    assertEquals(2, list(new Query("poet", "", false, 20, 0)).total());
    assertEquals(1, list(new Query("poet", "http", false, 20, 0)).total());
    assertEquals(0, list(new Query("' or ''='", "", false, 20, 0)).total());
  }

  @Test
  void keysAreKnownOfSessionsThatHaveALine() {
    var line = line("a", 1, "default", "http", true);
    done(directory.show(line));
    done(directory.show(line("b", 1, "default", "http", true)));
    var other = SessionId.of(new SessionKey("agent:default:nobody"));
    assertEquals(
        Map.of(line.id(), line.profile().key()), done(directory.keys(Set.of(line.id(), other))));
    assertEquals(Map.of(), done(directory.keys(Set.of())));
  }

  @Test
  void aSessionIsHiddenByItsIdUnlessItsLineIsNewer() {
    var line = line("a", 4, "default", "http", true);
    done(directory.hide(line.id(), 5));
    done(directory.show(line));
    done(directory.hide(line.id(), 4));
    assertEquals(1, list(new Query("", "", true, 20, 0)).total());
    done(directory.hide(line.id(), 5));
    done(directory.show(line));
    assertEquals(0, list(new Query("", "", true, 20, 0)).total());
  }

  @Test
  void ofABuriedSessionTheDeletionStaysAndNothingElse() {
    var line = line("a", 4, "default", "http", true);
    var other = line("b", 4, "default", "http", true);
    for (var session : List.of(line, other)) {
      done(directory.show(session));
      store(session.id());
    }
    done(directory.bury(line.id(), 5));
    assertEquals("5 | ", stored(line.id()));
    assertEquals("1 2 3 4 5 | 1 4", stored(other.id()));
    assertEquals(List.of(other), list(new Query("", "", true, 20, 0)).sessions());
    done(directory.bury(line.id(), 5));
    assertEquals("5 | ", stored(line.id()));
  }

  @Test
  void aSessionWithoutALineIsBuriedToo() {
    var session = SessionId.of(new SessionKey("a"));
    store(session);
    done(directory.bury(session, 5));
    assertEquals("5 | ", stored(session));
  }

  /** Five events, and snapshots at the first and the fourth. */
  private void store(SessionId session) {
    TestDatabase.execute(
        address,
        """
        insert into event_journal (persistence_id, sequence_number, writer, event_ser_id,
          event_ser_manifest, event_payload)
        select 'session|%1$s', n, '', 1, '', '' from generate_series(1, 5) n;
        insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,
          snapshot_ser_manifest, snapshot_payload)
        select 'session|%1$s', n, 0, 1, '', '' from unnest(array[1, 4]) n
        """
            .formatted(session));
  }

  /** The numbers of its events, and of its snapshots. */
  private String stored(SessionId session) {
    return TestDatabase.query(
        address,
        """
        select concat(
          (select string_agg(sequence_number::text, ' ' order by sequence_number)
            from event_journal where persistence_id = 'session|%1$s'), ' | ',
          (select string_agg(sequence_number::text, ' ' order by sequence_number)
            from snapshot where persistence_id = 'session|%1$s'))
        """
            .formatted(session));
  }

  @Test
  void aHiddenSessionComesBackOnlyWithANewerLine() {
    var line = line("a", 4, "default", "http", true);
    done(directory.show(line));
    done(directory.hide(line("a", 5, "default", "http", true)));
    assertEquals(0, list(new Query("", "", true, 20, 0)).total());
    done(directory.show(line));
    assertEquals(0, list(new Query("", "", true, 20, 0)).total());
    done(directory.show(line("a", 6, "default", "http", true)));
    assertEquals(1, list(new Query("", "", true, 20, 0)).total());
  }

  @Test
  void aRunIsOwedFromItsNoteUntilItIsSettled() {
    var session = SessionId.of(new SessionKey("a"));
    var one = RunId.next();
    var other = RunId.next();
    done(directory.owe(session, one));
    done(directory.owe(session, one));
    done(directory.owe(session, other));
    assertEquals(List.of(one, other), owed(10));
    assertEquals(List.of(one), owed(1));
    directory.settle(one);
    done(directory.show(line("behind", 1, "default", "http", true)));
    assertEquals(List.of(other), owed(10));
    assertTrue(
        done(directory.owed(Optional.empty(), 10)).stream()
            .noneMatch(run -> run.age().isNegative()));
  }

  @Test
  void whatIsOwedIsReadPageByPage() {
    var session = SessionId.of(new SessionKey("a"));
    var notes = IntStream.range(0, 25).mapToObj(_ -> RunId.next()).toList();
    notes.forEach(run -> directory.owe(session, run));
    done(directory.owe(session, RunId.next()));
    var seen = new ArrayList<RunId>();
    for (var page = owed(10); !page.isEmpty(); ) {
      seen.addAll(page);
      directory.settle(page.getLast());
      page = owed(Optional.of(page.getLast()), 10);
    }
    assertEquals(26, seen.stream().distinct().count());
    assertEquals(26, seen.size());
  }

  private List<RunId> owed(int limit) {
    return owed(Optional.empty(), limit);
  }

  private List<RunId> owed(Optional<RunId> after, int limit) {
    return done(directory.owed(after, limit)).stream().map(OwedRun::run).toList();
  }

  private Page list(Query query) {
    return done(directory.list(query));
  }

  private static Summary line(
      String key, long revision, String agent, String channel, boolean kept) {
    var sessionKey = new SessionKey(key);
    return new Summary(
        SessionId.of(sessionKey),
        revision,
        new SessionProfile(
            sessionKey,
            agent,
            kept,
            channel,
            "user",
            "label",
            "p/m",
            Map.of("a", "\"b\""),
            InputMode.STEER),
        2,
        3,
        4,
        5,
        NOON,
        NOON.plusSeconds(revision));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
  }
}
