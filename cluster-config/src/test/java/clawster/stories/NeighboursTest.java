package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sessions whose events go to the journal in one batch. It fails or is written as a whole, so all
 * of them come again if the place of one is taken.
 */
@ExtendWith(OnePlace.class)
@Timeout(120)
final class NeighboursTest {

  /** More than the journal writes at once, so that whatever comes after them shares a batch. */
  private static final int BEFORE = 15;

  private static final int CONNECTIONS = 3;

  private static final String STRUCK = key("struck");

  private final Place place;
  private final Caller caller;

  NeighboursTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  private static String key(String name) {
    return "agent:default:neighbours " + name;
  }

  private static List<String> keys(String name) {
    return IntStream.range(0, BEFORE).mapToObj(i -> key(name + " " + i)).toList();
  }

  @Test
  void whoseEventIsRefusedHarmsNobodyInItsBatch() throws SQLException {
    var before = keys("before");
    var beside = Stream.concat(Stream.of(STRUCK), keys("beside").stream()).toList();
    var all = Stream.concat(before.stream(), beside.stream()).toList();
    all.forEach(key -> caller.chat(key, Caller.asking("[[fake tokens=3]]")).good());
    caller.call("PATCH", Caller.path(STRUCK), "{\"label\":\"struck\"}").good();
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    try (var database = connect()) {
      database.setAutoCommit(false);
      try (var statement = database.createStatement()) {
        statement.execute("lock table event_journal in exclusive mode");
      }
      takeTheNextPlace(database);
      before.forEach(key -> answers.add(later(key)));
      Await.until("all connections wait", () -> waiting(database) == CONNECTIONS);
      beside.forEach(key -> answers.add(later(key)));
      Await.until("all are on their way", () -> owed(database) == all.size());
      database.commit();
    }
    answers.forEach(answer -> assertEquals(200, answer.join().statusCode(), answer.join().body()));
    for (var key : all) {
      assertEquals(4, caller.session(key).good().at("/messages").size(), key);
    }
  }

  private Connection connect() throws SQLException {
    var address = EmbeddedPostgres.ensure(place.data(), _ -> {});
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private CompletableFuture<HttpResponse<String>> later(String key) {
    return caller.later(key, Caller.asking("[[fake tokens=3]]"));
  }

  /** The label is given once more, as if by another owner, where the session wants to go on. */
  private static void takeTheNextPlace(Connection database) throws SQLException {
    try (var statement =
        database.prepareStatement(
            """
            insert into event_journal (persistence_id, sequence_number, deleted, writer,
              write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
            select persistence_id, sequence_number + 1, deleted, writer,
              write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest, event_payload
            from event_journal where persistence_id = ? order by sequence_number desc limit 1
            """)) {
      statement.setString(1, "session|" + SessionId.of(new SessionKey(STRUCK)));
      assertEquals(1, statement.executeUpdate());
    }
  }

  private static int waiting(Connection database) {
    return count(
        database,
        """
        select count(*) from pg_locks
        where not granted and relation = 'event_journal'::regclass
        """);
  }

  /** Their notes are written, and so their events come next. */
  private static int owed(Connection database) {
    return count(
        database,
        """
        select count(*) from session_run join session on session.id = session_run.session
        where not settled and session.key like 'agent:default:neighbours %'
        """);
  }

  private static int count(Connection database, String query) {
    try (var statement = database.createStatement();
        var result = statement.executeQuery(query)) {
      result.next();
      return result.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }
}
