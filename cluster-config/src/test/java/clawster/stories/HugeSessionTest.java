package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session of fifty thousand events. */
@ExtendWith(OnePlace.class)
@Timeout(180)
final class HugeSessionTest {

  private static final String KEY = "agent:default:huge";
  private static final int TURNS = 24_999;
  private static final Duration OPENS_WITHIN = Duration.ofSeconds(2);

  private final Place place;
  private final Caller caller;

  HugeSessionTest(Place place) {
    this.place = place;
    this.caller = place.caller();
  }

  /** As many turns more, each like the first. */
  private void grow() throws SQLException {
    var address = EmbeddedPostgres.ensure(place.data(), _ -> {});
    try (var database =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement =
            database.prepareStatement(
                """
                insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
                  adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
                select persistence_id, sequence_number + 2 * turn, writer, write_timestamp,
                  adapter_manifest, event_ser_id, event_ser_manifest,
                  convert_to(
                    regexp_replace(convert_from(event_payload, 'UTF8'),
                      '("run":"[0-9a-f-]{24})[0-9a-f]{12}',
                      '\\1' || lpad(to_hex(turn), 12, '0')), 'UTF8')
                from event_journal, generate_series(1, ?) turn
                where persistence_id = ? and sequence_number in (2, 3)
                """)) {
      statement.setInt(1, TURNS);
      statement.setString(2, "session|" + SessionId.of(new SessionKey(KEY)));
      assertEquals(2 * TURNS, statement.executeUpdate());
    }
  }

  private Duration opening() {
    long asked = System.nanoTime();
    var answer = caller.post(Caller.path(KEY) + "/abort");
    var took = Duration.ofNanos(System.nanoTime() - asked);
    answer.good();
    return took;
  }

  @Test
  void itOpensFromItsSnapshot() throws SQLException {
    caller.chat(KEY, Caller.asking("[[fake tokens=3]]")).good();
    caller.awaitNobodyInMemory();
    grow();
    opening();
    caller.awaitNobodyInMemory();
    var took = opening();
    assertEquals(2 * (TURNS + 1), caller.session(KEY).good().at("/messages").size());
    assertTrue(took.compareTo(OPENS_WITHIN) <= 0, "opened in " + took);
  }
}
