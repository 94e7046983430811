package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.runtime.limits.Buckets;
import clawster.runtime.limits.RateRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionStage;

/** Buckets as rows, each locked while its rule is asked. */
public final class PostgresBuckets implements Buckets {

  private record Row(Instant fullAt, Instant now) {}

  private final Database database;

  public PostgresBuckets(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<RateRule.Grant> take(String name, int asked, RateRule rule) {
    return database.transact(
        connection -> {
          var row = lock(connection, name);
          var grant = rule.take(row.fullAt(), asked, row.now());
          if (grant.granted() > 0) {
            write(connection, name, grant.fullAt());
          }
          return grant;
        });
  }

  private static Row lock(Connection connection, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into bucket as mine (name, full_at) values (?, clock_timestamp())
            on conflict (name) do update set full_at = mine.full_at
            returning full_at, clock_timestamp() as now
            """)) {
      statement.setString(1, name);
      try (var result = statement.executeQuery()) {
        result.next();
        return new Row(
            result.getObject("full_at", OffsetDateTime.class).toInstant(),
            result.getObject("now", OffsetDateTime.class).toInstant());
      }
    }
  }

  private static void write(Connection connection, String name, Instant fullAt)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("update bucket set full_at = ? where name = ?")) {
      statement.setObject(1, fullAt.atOffset(ZoneOffset.UTC));
      statement.setString(2, name);
      statement.executeUpdate();
    }
  }
}
