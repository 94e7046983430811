package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.runtime.limits.GuessCounts;
import clawster.runtime.limits.GuessRule;
import clawster.runtime.limits.Guesses;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Guesses as one row for each address, which is locked while its rule is asked. */
public final class PostgresGuessCounts implements GuessCounts {

  private record Row(Guesses guesses, Instant now) {}

  private final Database database;

  public PostgresGuessCounts(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<Tally> wrong(String address, GuessRule rule) {
    return database.transact(
        connection -> {
          var row = lock(connection, address);
          var after = rule.after(row.guesses(), row.now());
          if (!after.equals(row.guesses())) {
            write(connection, address, after);
          }
          return new Tally(rule.verdict(row.guesses(), row.now()), rule.verdict(after, row.now()));
        });
  }

  private static Row lock(Connection connection, String address) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into guess (address) values (?)
            on conflict (address) do update set changed = clock_timestamp()
            returning times, locked_until, changed
            """)) {
      statement.setString(1, address);
      try (var result = statement.executeQuery()) {
        result.next();
        return new Row(
            new Guesses(times(result), time(result, "locked_until")),
            time(result, "changed").orElseThrow());
      }
    }
  }

  private static void write(Connection connection, String address, Guesses guesses)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "update guess set times = ?, locked_until = ? where address = ?")) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "bigint", guesses.times().stream().map(Instant::toEpochMilli).toArray()));
      statement.setObject(
          2, guesses.lockedUntil().map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null));
      statement.setString(3, address);
      statement.executeUpdate();
    }
  }

  private static List<Instant> times(ResultSet row) throws SQLException {
    return Stream.of((Long[]) row.getArray("times").getArray()).map(Instant::ofEpochMilli).toList();
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  @Override
  public CompletionStage<List<LockedAddress>> locked(int most) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  select address, extract(epoch from locked_until - clock_timestamp()) as seconds
                  from guess where locked_until > clock_timestamp()
                  order by locked_until desc limit ?
                  """)) {
            statement.setInt(1, most);
            try (var result = statement.executeQuery()) {
              var all = new ArrayList<LockedAddress>();
              while (result.next()) {
                all.add(
                    new LockedAddress(
                        result.getString("address"),
                        Duration.ofMillis((long) (result.getDouble("seconds") * 1_000))));
              }
              return all;
            }
          }
        });
  }
}
