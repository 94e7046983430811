package clawster.persistence.config;

import clawster.persistence.audit.AuditRows;
import clawster.persistence.database.Database;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.config.ConfigStore;
import clawster.runtime.config.ConfigVersion;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Versions as rows, each with its document as a JSON object of names and values. */
public final class PostgresConfigStore implements ConfigStore {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** What no setting is called: so what cannot be parsed cannot be read by anybody. */
  private static final Map<String, Object> UNREADABLE = Map.of("", "");

  private final Database database;

  public PostgresConfigStore(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<List<Stored>> newest(int most) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  select version, document, good is not null as good
                  from gateway_config order by version desc limit ?
                  """)) {
            statement.setInt(1, most);
            try (var rows = statement.executeQuery()) {
              var all = new ArrayList<Stored>();
              while (rows.next()) {
                all.add(
                    new Stored(
                        rows.getLong("version"),
                        read(rows.getString("document")),
                        rows.getBoolean("good")));
              }
              return all;
            }
          }
        });
  }

  private static Map<String, Object> read(String document) {
    try {
      return JSON.readValue(document, OBJECT);
    } catch (JsonProcessingException e) {
      return UNREADABLE;
    }
  }

  @Override
  public CompletionStage<Long> latest() {
    return database.ask(
        connection -> {
          try (var statement =
                  connection.prepareStatement("select max(version) from gateway_config");
              var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Override
  public CompletionStage<Boolean> add(ConfigVersion next, AuditEntry entry) {
    return database.transact(
        connection -> {
          boolean added = insert(connection, next, entry);
          if (added) {
            AuditRows.insert(connection, entry);
            forgetOld(connection, next.number());
          }
          return added;
        });
  }

  /** Of two nodes that add the same version, one finds its number taken. */
  private static boolean insert(Connection connection, ConfigVersion next, AuditEntry entry)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into gateway_config (version, document, author, made)
            select ?, ?, ?, ?
            where (select coalesce(max(version), 0) from gateway_config) = ? - 1
            on conflict do nothing
            """)) {
      statement.setLong(1, next.number());
      statement.setString(2, written(next));
      statement.setString(3, entry.actor().id());
      statement.setObject(4, entry.at().atOffset(ZoneOffset.UTC));
      statement.setLong(5, next.number());
      return statement.executeUpdate() == 1;
    }
  }

  private static String written(ConfigVersion version) {
    try {
      return JSON.writeValueAsString(version.document().plain());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }

  /** Except for the one that is known to be good. */
  private static void forgetOld(Connection connection, long newest) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            delete from gateway_config
            where version <= ?
              and version < (select max(version) from gateway_config where good is not null)
            """)) {
      statement.setLong(1, newest - KEPT);
      statement.executeUpdate();
    }
  }

  @Override
  public CompletionStage<Void> good(long number) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "update gateway_config set good = now() where version = ? and good is null")) {
            statement.setLong(1, number);
            statement.executeUpdate();
            return null;
          }
        });
  }
}
