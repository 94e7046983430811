package clawster.faults;

import clawster.faults.Stored.Journaled;
import clawster.faults.Stored.Said;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.writer.RunWords;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.SessionSerializer;
import clawster.stories.Caller;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * Reads what a cluster has stored: tables with the product's own decoders, histories by the API.
 */
final class StoredReader {

  static final SessionSerializer EVENTS = new SessionSerializer(system());

  private StoredReader() {}

  private static ExtendedActorSystem system() {
    var config =
        ConfigFactory.parseString(
                """
                pekko { actor.provider = local, daemonic = on, loglevel = OFF, \
                stdout-loglevel = OFF, coordinated-shutdown.run-by-jvm-shutdown-hook = off }
                """)
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    return (ExtendedActorSystem) ActorSystem.create("stored", config);
  }

  static Stored read(Cluster cluster) {
    var journals = journals(cluster.database());
    var histories = new HashMap<String, List<Said>>();
    var caller = cluster.nodes().getFirst().caller();
    journals.keySet().forEach(key -> histories.put(key, history(caller, key)));
    try {
      return new Stored(
          journals, histories, logs(cluster.database()), Effect.readAll(cluster.ledger()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, List<Journaled>> journals(DatabaseAddress database) {
    var byId = new LinkedHashMap<String, List<Journaled>>();
    try (var connection = Server.connect(database);
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    """
                    select persistence_id, sequence_number, event_ser_manifest, event_payload
                    from event_journal where not deleted order by persistence_id, sequence_number
                    """)) {
      while (rows.next()) {
        var event = (SessionEvent) EVENTS.fromBinary(rows.getBytes(4), rows.getString(3));
        byId.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>())
            .add(new Journaled(rows.getLong(2), event));
      }
    } catch (SQLException | NotSerializableException e) {
      throw new AssertionError(e);
    }
    var byKey = new HashMap<String, List<Journaled>>();
    byId.forEach((id, rows) -> byKey.put(key(id, rows), rows));
    return byKey;
  }

  private static String key(String id, List<Journaled> rows) {
    return rows.stream()
        .map(Journaled::event)
        .filter(SessionEvent.Opened.class::isInstance)
        .map(opened -> ((SessionEvent.Opened) opened).profile().key().value())
        .findFirst()
        .orElse(id);
  }

  private static Map<String, List<RunEntry>> logs(DatabaseAddress database) {
    var logs = new HashMap<String, List<RunEntry>>();
    try (var connection = Server.connect(database);
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select run, seq, epoch, step, kind, payload from run_log order by run, seq")) {
      while (rows.next()) {
        logs.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>())
            .add(
                new RunEntry(
                    rows.getLong(2),
                    rows.getInt(3),
                    rows.getInt(4),
                    RunWords.word(rows.getShort(5), rows.getBytes(6))));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return logs;
  }

  private static List<Said> history(Caller caller, String key) {
    var said = new ArrayList<Said>();
    for (var message : caller.session(key).good().at("/messages")) {
      said.add(
          new Said(
              message.at("/id").asText(),
              message.at("/role").asText(),
              message.at("/content").asText(),
              message.has("tool_calls")));
    }
    return said;
  }
}
