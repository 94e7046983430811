package clawster.faults;

import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.RunSpec;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Turns that never were, behind a journal that is there: two rows each, as sessions write them. */
final class LongJournal {

  private LongJournal() {}

  /**
   * @param answer characters of each answer
   */
  static void append(DatabaseAddress database, String key, int turns, int answer) {
    var id = "session|" + SessionId.of(new SessionKey(key));
    var text = "word ".repeat(answer / 5);
    try (var connection = Server.connect(database)) {
      connection.setAutoCommit(false);
      long next;
      try (var rows =
          connection
              .createStatement()
              .executeQuery(
                  "select max(sequence_number) from event_journal where persistence_id = '"
                      + id
                      + "'")) {
        rows.next();
        next = rows.getLong(1) + 1;
      }
      try (var insert =
          connection.prepareStatement(
              """
              insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
                adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
              values (?, ?, 'rig', 0, '', 1879001, ?, ?)
              """)) {
        for (int turn = 0; turn < turns; turn++) {
          var run = RunId.next();
          var input = List.of(message(Role.USER, "go on"));
          add(
              insert,
              id,
              next++,
              new SessionEvent.Accepted(run, input, RunSpec.PLAIN, false, Instant.EPOCH));
          add(
              insert,
              id,
              next++,
              new SessionEvent.Completed(
                  run,
                  List.of(message(Role.ASSISTANT, text)),
                  List.of(),
                  "stop",
                  Usage.NONE,
                  Instant.EPOCH));
          if (turn % 500 == 0) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void add(PreparedStatement insert, String id, long sequence, SessionEvent event)
      throws SQLException {
    insert.setString(1, id);
    insert.setLong(2, sequence);
    insert.setString(3, StoredReader.EVENTS.manifest(event));
    insert.setBytes(4, StoredReader.EVENTS.toBinary(event));
    insert.addBatch();
  }

  private static Message message(Role role, String text) {
    return new Message(
        clawster.runtime.kernel.Ids.next().toString(),
        Instant.EPOCH,
        role,
        List.of(new Part.Text(text)),
        "",
        List.of(),
        "",
        "",
        Message.Mark.NONE);
  }
}
