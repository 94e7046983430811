package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody, or something, has damaged a row of one session. */
@ExtendWith(OnePlace.class)
@Timeout(120)
final class UnreadableSessionTest {

  /** What happens to the second row of a session, by what it is called here. */
  private static final Map<String, String> POISONS =
      Map.of(
          "bytes", "event_payload = '\\x00ff00ff'",
          "half", "event_payload = substr(event_payload, 1, length(event_payload) / 2)",
          "nothing", "event_payload = convert_to('null', 'UTF8')",
          "name", "event_ser_manifest = 'session.moved.v7'",
          "order", "event_ser_manifest = 'session.opened.v1'",
          "java", "event_ser_id = 1",
          "nobody", "event_ser_id = 4711",
          "raw", "event_ser_id = 4, event_ser_manifest = ''");

  /** Two seconds are promised, of a machine that is not busy. */
  private static final Duration AT_ONCE = Duration.ofSeconds(6);

  private static final int SHARDS =
      ConfigFactory.load().getInt("pekko.cluster.sharding.number-of-shards");

  private final Place place;
  private final Caller caller;
  private Connection database;

  UnreadableSessionTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  @BeforeEach
  void connect() throws SQLException {
    var address = EmbeddedPostgres.ensure(place.data(), _ -> {});
    database = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  @AfterEach
  void disconnect() throws SQLException {
    database.close();
  }

  private static String key(String name) {
    return "agent:default:unreadable " + name;
  }

  private static String id(String key) {
    return SessionId.of(new SessionKey(key)).toString();
  }

  private static int shard(String key) {
    return Math.abs(id(key).hashCode() % SHARDS);
  }

  /** Another session in the same shard. */
  private static String neighbour(String key) {
    return IntStream.range(0, 100_000)
        .mapToObj(i -> key + " neighbour " + i)
        .filter(other -> shard(other) == shard(key))
        .findFirst()
        .orElseThrow();
  }

  private int sql(String statement, String key) throws SQLException {
    try (var prepared = database.prepareStatement(statement)) {
      prepared.setString(1, "session|" + id(key));
      return prepared.executeUpdate();
    }
  }

  private void ask(String key) {
    caller.chat(key, Caller.asking("[[fake tokens=3]]")).good();
  }

  private Answer atOnce(String method, String path, String body) {
    long asked = System.nanoTime();
    var answer = caller.call(method, path, body);
    var took = Duration.ofNanos(System.nanoTime() - asked);
    assertTrue(took.compareTo(AT_ONCE) < 0, method + " " + path + " took " + took);
    return answer;
  }

  @Test
  void oneSessionIsUnreadableUntilItsRowIsMendedAndAllOthersAreWell() throws SQLException {
    for (var name : POISONS.keySet()) {
      ask(key(name));
      ask(neighbour(key(name)));
    }
    caller.awaitNobodyInMemory();
    try (var statement = database.createStatement()) {
      statement.execute("create temp table saved as select * from event_journal");
    }
    for (var poison : POISONS.entrySet()) {
      poison(key(poison.getKey()), poison.getValue());
    }
    for (var name : POISONS.keySet()) {
      assertRefused(key(name));
      assertEquals(2, caller.session(neighbour(key(name))).good().at("/messages").size());
    }
    ask(neighbour(key("bytes")));
    assertListed();

    for (var name : POISONS.keySet()) {
      mend(key(name));
    }
    for (var name : POISONS.keySet()) {
      Await.until(name + " is back", () -> caller.session(key(name)).status() == 200);
      ask(key(name));
      assertEquals(4, caller.session(key(name)).good().at("/messages").size());
    }
    Await.until(
        "none is listed any more",
        () -> caller.get("/v1/cluster").good().at("/unreadableCount").asInt() == 0);
  }

  private void assertRefused(String key) {
    var path = Caller.path(key);
    var read = atOnce("GET", path, "");
    assertEquals(500, read.status(), key + ": " + read.text());
    assertTrue(read.json().at("/error").asText().contains("cannot be read"), read.text());
    assertEquals(500, atOnce("GET", path + "/events", "").status());
    assertEquals(500, atOnce("PATCH", path, "{\"label\":\"x\"}").status());
    for (var change : List.of("/abort", "/reset", "/preview")) {
      assertEquals(500, atOnce("POST", path + change, "").status(), change);
    }
    long asked = System.nanoTime();
    var chat = caller.chat(key, Caller.asking("[[fake tokens=3]]"));
    assertTrue(System.nanoTime() - asked < AT_ONCE.toNanos());
    assertEquals(500, chat.status(), chat.text());
    assertEquals("session.unreadable", chat.json().at("/error/code").asText());
    assertEquals("server_error", chat.json().at("/error/type").asText());
    assertEquals("false", chat.header("x-should-retry"));
  }

  private void assertListed() {
    Await.until(
        "all are listed",
        () -> caller.get("/v1/cluster").good().at("/unreadableCount").asInt() == POISONS.size());
    var listed = caller.get("/v1/cluster").good().at("/unreadable");
    assertEquals(POISONS.size(), listed.size());
    for (var session : listed) {
      assertEquals(id(session.at("/key").asText()), session.at("/id").asText());
      assertTrue(session.at("/reason").asText().startsWith("after event "), session.toString());
      assertTrue(session.at("/since").isTextual());
    }
  }

  /** Some of them are in memory and found so, of others the deletion is the first that is heard. */
  @Test
  void whatCannotBeReadCanBeDeletedAndBeginsAnew() throws SQLException {
    var names = POISONS.keySet().stream().sorted().toList();
    for (var name : names) {
      ask(doomed(name));
    }
    caller.awaitNobodyInMemory();
    for (var name : names) {
      poison(doomed(name), POISONS.get(name));
      if (names.indexOf(name) % 2 == 0) {
        assertEquals(500, caller.session(doomed(name)).status());
      }
    }
    for (var name : names) {
      atOnce("DELETE", Caller.path(doomed(name)), "").good();
      assertEquals(404, caller.session(doomed(name)).status(), name);
      assertFalse(caller.get("/v1/sessions?limit=200").good().toString().contains(doomed(name)));
      ask(doomed(name));
    }
    Await.until(
        "none is listed as unreadable",
        () -> caller.get("/v1/cluster").good().at("/unreadableCount").asInt() == 0);
    caller.awaitNobodyInMemory();
    for (var name : names) {
      assertEquals(2, caller.session(doomed(name)).good().at("/messages").size(), name);
    }
  }

  private static String doomed(String name) {
    return key("doomed " + name);
  }

  private void poison(String key, String poison) throws SQLException {
    assertEquals(
        1,
        sql(
            "update event_journal set %s where persistence_id = ? and sequence_number = 2"
                .formatted(poison),
            key));
  }

  private void mend(String key) throws SQLException {
    sql(
        """
        update event_journal set event_payload = saved.event_payload,
          event_ser_manifest = saved.event_ser_manifest, event_ser_id = saved.event_ser_id
        from saved
        where event_journal.persistence_id = ?
          and saved.persistence_id = event_journal.persistence_id
          and saved.sequence_number = event_journal.sequence_number
        """,
        key);
  }

  /** More than the snapshot store's circuit breaker takes in a row. */
  @Test
  void aSnapshotThatCannotBeReadIsDoneWithout() throws SQLException {
    var keys = IntStream.range(0, 7).mapToObj(i -> key("snapshot " + i)).toList();
    keys.forEach(this::ask);
    caller.awaitNobodyInMemory();
    for (var key : keys) {
      sql(
          """
          insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,
            snapshot_ser_manifest, snapshot_payload)
          values (?, 2, 0, 1879001, 'session.state.open.v1', '\\x00ff')
          """,
          key);
    }
    for (var key : keys) {
      assertEquals(2, atOnce("GET", Caller.path(key), "").good().at("/messages").size());
      ask(key);
    }
  }
}
