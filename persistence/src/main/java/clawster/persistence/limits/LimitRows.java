package clawster.persistence.limits;

import clawster.persistence.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes away what no limit needs any more: guesses and runs too old to count, buckets that are
 * full, answers whose node has not spoken of them for long. Safe on several nodes at once.
 */
public final class LimitRows {

  /** How often it is to be done. */
  public static final Duration PRUNE = Duration.ofMinutes(1);

  private static final int AT_ONCE = 5_000;
  private static final int MOST_ROUNDS = 20;

  /** A row that somebody is changing is left alone: it has just become one that counts. */
  private static final List<String> ROWS =
      List.of(
          """
          delete from guess where address in (
            select address from guess
            where changed < clock_timestamp() - interval '10 minutes'
            limit ? for update skip locked)
          """,
          """
          delete from bucket where name in (
            select name from bucket where full_at < clock_timestamp()
            limit ? for update skip locked)
          """,
          """
          delete from open_answer where id in (
            select id from open_answer where until < clock_timestamp()
            limit ? for update skip locked)
          """,
          """
          delete from run_count where (name, minute) in (
            select name, minute from run_count
            where minute < clock_timestamp() - interval '8 days'
            limit ? for update skip locked)
          """);

  private final Database database;

  public LimitRows(Database database) {
    this.database = database;
  }

  /** How many rows went. */
  public CompletionStage<Integer> prune() {
    return database.ask(
        connection -> {
          int gone = 0;
          for (var sql : ROWS) {
            gone += prune(connection, sql);
          }
          return gone;
        });
  }

  private static int prune(Connection connection, String sql) throws SQLException {
    int gone = 0;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, AT_ONCE);
      for (int round = 0; round < MOST_ROUNDS; round++) {
        int now = statement.executeUpdate();
        gone += now;
        if (now < AT_ONCE) {
          break;
        }
      }
    }
    return gone;
  }
}
