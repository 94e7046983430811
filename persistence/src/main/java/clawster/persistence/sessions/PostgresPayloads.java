package clawster.persistence.sessions;

import clawster.persistence.database.Database;
import clawster.runtime.sessions.Payloads;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Payloads in a table. They go past the node's writer, whose commits they would hold up. */
public final class PostgresPayloads implements Payloads {

  private final Database database;

  public PostgresPayloads(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<UUID> store(byte[] payload) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement("insert into payload (body) values (?) returning id")) {
            statement.setBytes(1, payload);
            try (var result = statement.executeQuery()) {
              result.next();
              return result.getObject(1, UUID.class);
            }
          }
        });
  }

  @Override
  public CompletionStage<byte[]> load(UUID id) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement("select body from payload where id = ?")) {
            statement.setObject(1, id);
            try (var result = statement.executeQuery()) {
              if (!result.next()) {
                throw new SQLException("no payload " + id);
              }
              return result.getBytes(1);
            }
          }
        });
  }
}
