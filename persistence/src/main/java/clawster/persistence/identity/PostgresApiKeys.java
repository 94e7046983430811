package clawster.persistence.identity;

import clawster.persistence.audit.AuditRows;
import clawster.persistence.database.Database;
import clawster.persistence.database.RememberedRows;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.ApiKeys;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys as rows. A change and its count are one transaction. */
public final class PostgresApiKeys implements ApiKeys {

  private static final String COLUMNS =
      "id, name, prefix, scopes, expires, revoked, last_used, creator, created";

  /** Before a change: in the same statement, and so in the same transaction. */
  private static final String COUNTED =
      """
      with counted as (
        update cluster_fact set value = (value::bigint + 1)::text where name = 'api_keys'
      )
      """;

  private final Database database;
  private final RememberedRows rows;

  public PostgresApiKeys(Database database) {
    this.database = database;
    this.rows = new RememberedRows(database, "api_key", "api_keys");
  }

  @Override
  public CompletionStage<Void> add(ApiKey key, KeySecret secret, AuditEntry entry) {
    return database.transact(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  COUNTED
                      + """
                      insert into api_key
                        (id, name, prefix, hash, scopes, creator, created, expires)
                      values (?, ?, ?, ?, ?, ?, ?, ?)
                      """)) {
            statement.setObject(1, key.id());
            statement.setString(2, key.name());
            statement.setString(3, key.prefix());
            statement.setString(4, secret.hash());
            statement.setArray(5, names(connection, key));
            statement.setString(6, key.creator());
            statement.setObject(7, column(key.created()));
            statement.setObject(8, key.expires().map(PostgresApiKeys::column).orElse(null));
            statement.executeUpdate();
            AuditRows.insert(connection, entry);
            return null;
          }
        });
  }

  private static Array names(Connection connection, ApiKey key) throws SQLException {
    return connection.createArrayOf(
        "text", key.scopes().stream().map(Scope::wireName).sorted().toArray());
  }

  @Override
  public CompletionStage<Optional<ApiKey>> find(KeySecret secret) {
    return find("hash = ?", secret.hash());
  }

  @Override
  public CompletionStage<Optional<ApiKey>> find(UUID id) {
    return find("id = ?", id);
  }

  private CompletionStage<Optional<ApiKey>> find(String condition, Object value) {
    return database.ask(connection -> find(connection, condition, value));
  }

  private static Optional<ApiKey> find(Connection connection, String condition, Object value)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("select " + COLUMNS + " from api_key where " + condition)) {
      statement.setObject(1, value);
      try (var result = statement.executeQuery()) {
        return result.next() ? Optional.of(key(result)) : Optional.empty();
      }
    }
  }

  @Override
  public CompletionStage<List<ApiKey>> list(int limit, int offset) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "select "
                      + COLUMNS
                      + " from api_key order by created desc, id limit ? offset ?")) {
            statement.setInt(1, limit);
            statement.setInt(2, offset);
            try (var result = statement.executeQuery()) {
              var all = new ArrayList<ApiKey>();
              while (result.next()) {
                all.add(key(result));
              }
              return all;
            }
          }
        });
  }

  @Override
  public CompletionStage<Boolean> revoke(UUID id, Instant at, AuditEntry entry) {
    return database.transact(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  COUNTED
                      + """
                      update api_key set revoked = ? where id = ? and revoked is null
                      """)) {
            statement.setObject(1, column(at));
            statement.setObject(2, id);
            if (statement.executeUpdate() == 1) {
              AuditRows.insert(connection, entry);
              return true;
            }
            return find(connection, "id = ?", id).isPresent();
          }
        });
  }

  @Override
  public CompletionStage<Long> revision() {
    return rows.revision();
  }

  @Override
  public CompletionStage<Void> used(Map<UUID, Instant> times) {
    return rows.used(times);
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("prefix"),
        Stream.of((String[]) row.getArray("scopes").getArray())
            .flatMap(name -> Scope.of(name).stream())
            .collect(Collectors.toUnmodifiableSet()),
        time(row, "expires"),
        time(row, "revoked"),
        time(row, "last_used"),
        row.getString("creator"),
        time(row, "created").orElseThrow());
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime column(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
