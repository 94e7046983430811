package clawster.persistence.audit;

import clawster.persistence.database.Database;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Entries as rows of {@code activity}. */
public final class PostgresAuditLog implements AuditLog {

  private final Database database;

  public PostgresAuditLog(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<Void> intend(AuditEntry entry) {
    return insert(List.of(entry), false);
  }

  @Override
  public CompletionStage<Void> put(List<AuditEntry> entries) {
    return insert(entries, true);
  }

  private CompletionStage<Void> insert(List<AuditEntry> entries, boolean settled) {
    return database.transact(
        connection -> {
          AuditRows.insert(connection, entries, settled);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> settle(UUID id) {
    return change("update activity set settled = true where id = ?", id);
  }

  @Override
  public CompletionStage<Void> withdraw(UUID id) {
    return change("delete from activity where id = ? and not settled", id);
  }

  private CompletionStage<Void> change(String sql, UUID id) {
    return database.ask(
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, id);
            statement.executeUpdate();
            return null;
          }
        });
  }

  @Override
  public CompletionStage<Page> list(Query query) {
    var filters = filters(query);
    var where =
        filters.isEmpty()
            ? ""
            : filters.keySet().stream()
                .map(column -> column + " = ?")
                .collect(Collectors.joining(" and ", " where ", ""));
    return database.ask(
        connection ->
            new Page(
                entries(connection, where, filters, query), total(connection, where, filters)));
  }

  /** Values by column. */
  private static Map<String, String> filters(Query query) {
    var filters = new LinkedHashMap<String, String>();
    add(filters, "actor_type", query.actorType());
    add(filters, "actor_id", query.actorId());
    add(filters, "action", query.action());
    add(filters, "entity_type", query.entityType());
    add(filters, "entity_id", query.entityId());
    return filters;
  }

  private static void add(Map<String, String> filters, String column, Optional<String> value) {
    value.ifPresent(text -> filters.put(column, text));
  }

  private static List<AuditEntry> entries(
      Connection connection, String where, Map<String, String> filters, Query query)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select "
                + AuditRows.COLUMNS
                + " from activity"
                + where
                + " order by created desc, id desc limit ? offset ?")) {
      int next = fill(statement, filters);
      statement.setInt(next, query.limit());
      statement.setInt(next + 1, query.offset());
      try (var result = statement.executeQuery()) {
        var entries = new ArrayList<AuditEntry>();
        while (result.next()) {
          entries.add(AuditRows.entry(result));
        }
        return entries;
      }
    }
  }

  private static long total(Connection connection, String where, Map<String, String> filters)
      throws SQLException {
    try (var statement = connection.prepareStatement("select count(*) from activity" + where)) {
      fill(statement, filters);
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  /** Returns the number of the first place that is still empty. */
  private static int fill(PreparedStatement statement, Map<String, String> filters)
      throws SQLException {
    int place = 1;
    for (var value : filters.values()) {
      statement.setString(place++, value);
    }
    return place;
  }
}
