package clawster.persistence.audit;

import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An entry as a row, for whoever makes a change in a transaction of its own. */
public final class AuditRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  static final String COLUMNS =
      "id, actor_type, actor_id, action, entity_type, entity_id, details, address, created,"
          + " settled";

  private AuditRows() {}

  /** What has been done, or will have been when this transaction is committed. */
  public static void insert(Connection connection, AuditEntry entry) throws SQLException {
    insert(connection, List.of(entry), true);
  }

  /** Of one that is there already, the details are new. */
  static void insert(Connection connection, List<AuditEntry> entries, boolean settled)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "insert into activity ("
                + COLUMNS
                + """
                ) values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)
                on conflict (id) do update set details = excluded.details
                """)) {
      for (var entry : entries) {
        statement.setObject(1, entry.id());
        statement.setString(2, entry.actor().type());
        statement.setString(3, entry.actor().id());
        statement.setString(4, entry.action());
        statement.setString(5, entry.entityType());
        statement.setString(6, entry.entityId().orElse(null));
        statement.setString(7, json(entry.details()));
        statement.setString(8, entry.address().orElse(null));
        statement.setObject(9, entry.at().atOffset(ZoneOffset.UTC));
        statement.setBoolean(10, settled);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  static AuditEntry entry(ResultSet row) throws SQLException {
    return new AuditEntry(
        row.getObject("id", UUID.class),
        new Actor(row.getString("actor_type"), row.getString("actor_id")),
        row.getString("action"),
        row.getString("entity_type"),
        Optional.ofNullable(row.getString("entity_id")),
        details(row),
        Optional.ofNullable(row.getString("address")),
        row.getObject("created", OffsetDateTime.class).toInstant());
  }

  private static Map<String, String> details(ResultSet row) throws SQLException {
    try {
      var details =
          new HashMap<>(
              JSON.readValue(
                  row.getString("details"), new TypeReference<Map<String, String>>() {}));
      if (!row.getBoolean("settled")) {
        details.put(AuditEntry.OUTCOME, "unknown");
      }
      return details;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(Map<String, String> details) {
    try {
      return JSON.writeValueAsString(details);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
