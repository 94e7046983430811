package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.runtime.limits.AnswerCounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Open answers as rows. Whoever begins one locks its name, so that no two count the same rows. */
public final class PostgresAnswerCounts implements AnswerCounts {

  private static final NameLock LOCK = new NameLock(0x616e7377);

  private static final String UNTIL =
      "clock_timestamp() + interval '%d seconds'".formatted(KEPT.toSeconds());

  private final Database database;

  public PostgresAnswerCounts(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<Boolean> begin(UUID run, String name, int most) {
    return database.transact(
        connection -> {
          LOCK.take(connection, name);
          return insert(connection, run, name, most);
        });
  }

  private static boolean insert(Connection connection, UUID run, String name, int most)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into open_answer (id, name, until)
            select ?, ?, %s where (
              select count(*) from open_answer
              where name = ? and id <> ? and until > clock_timestamp()) < ?
            on conflict (id) do update set until = excluded.until
            """
                .formatted(UNTIL))) {
      statement.setObject(1, run);
      statement.setString(2, name);
      statement.setString(3, name);
      statement.setObject(4, run);
      statement.setInt(5, most);
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public CompletionStage<Void> goOn(Map<UUID, String> answers) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  insert into open_answer (id, name, until)
                  select id, name, %s from unnest(?::uuid[], ?::text[]) as going (id, name)
                  on conflict (id) do update set until = excluded.until
                  """
                      .formatted(UNTIL))) {
            var all = List.copyOf(answers.entrySet());
            statement.setArray(
                1, connection.createArrayOf("uuid", all.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                2,
                connection.createArrayOf("text", all.stream().map(Map.Entry::getValue).toArray()));
            statement.executeUpdate();
            return null;
          }
        });
  }

  @Override
  public CompletionStage<Void> end(Set<UUID> runs) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement("delete from open_answer where id = any(?)")) {
            statement.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
            statement.executeUpdate();
            return null;
          }
        });
  }
}
