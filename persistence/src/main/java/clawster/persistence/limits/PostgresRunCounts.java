package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.Quota.Minute;
import clawster.runtime.limits.RunCounts;
import clawster.runtime.limits.Span;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Runs as one row for each caller and minute. Whoever counts one locks its caller's name, so that
 * somebody who asks on with a quota that is used up is answered by heart for a second.
 */
public final class PostgresRunCounts implements RunCounts {

  private static final NameLock LOCK = new NameLock(0x72756e73);

  private static final Duration BY_HEART = Duration.ofSeconds(1);
  private static final int MOST_NAMES = 10_000;

  /**
   * @param quota that is used up; not one that was set since
   */
  private record Known(Quota quota, Outcome.Refused refusal) {}

  private final Database database;
  private final Cache<String, Known> known;

  public PostgresRunCounts(Database database) {
    this(database, BY_HEART);
  }

  PostgresRunCounts(Database database, Duration byHeart) {
    this.database = database;
    this.known = Caffeine.newBuilder().maximumSize(MOST_NAMES).expireAfterWrite(byHeart).build();
  }

  @Override
  public CompletionStage<Outcome> begin(String name, Quota quota) {
    var before = known.getIfPresent(name);
    return before != null && before.quota().equals(quota)
        ? CompletableFuture.completedStage(before.refusal())
        : database
            .transact(connection -> begin(connection, name, quota))
            .thenApply(outcome -> remembered(name, quota, outcome));
  }

  private static Outcome begin(Connection connection, String name, Quota quota)
      throws SQLException {
    LOCK.take(connection, name);
    var now = now(connection);
    var usedUp =
        quota.allows(used(connection, name, now, quota.reach(now)))
            ? Optional.<Quota.UsedUp>empty()
            : quota.usedUp(minutes(connection, name, quota.reach(now)), now);
    return usedUp.isPresent()
        ? new Outcome.Refused(usedUp.get())
        : new Outcome.Counted(count(connection, name, now));
  }

  private Outcome remembered(String name, Quota quota, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refusal) {
      known.put(name, new Known(quota, refusal));
    }
    return outcome;
  }

  /**
   * @param since when the longest span began that is limited: longer ones are not counted whole
   */
  private static Used used(Connection connection, String name, Instant now, Instant since)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select
              coalesce(sum(runs) filter (where minute > ?), 0) as hour,
              coalesce(sum(runs) filter (where minute > ?), 0) as day,
              coalesce(sum(runs) filter (where minute > ?), 0) as week
            from run_count where name = ? and minute > ?
            """)) {
      int place = setBegins(statement, now);
      statement.setString(place++, name);
      set(statement, place, since);
      try (var result = statement.executeQuery()) {
        result.next();
        return used(name, result);
      }
    }
  }

  private static Instant now(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("select clock_timestamp() as now");
        var result = statement.executeQuery()) {
      result.next();
      return time(result, "now");
    }
  }

  private static List<Minute> minutes(Connection connection, String name, Instant since)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select minute, runs from run_count where name = ? and minute > ?
            order by minute desc
            """)) {
      statement.setString(1, name);
      set(statement, 2, since);
      try (var result = statement.executeQuery()) {
        var minutes = new ArrayList<Minute>();
        while (result.next()) {
          minutes.add(new Minute(time(result, "minute"), result.getInt("runs")));
        }
        return minutes;
      }
    }
  }

  private static Instant count(Connection connection, String name, Instant now)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into run_count as mine (name, minute, runs)
            values (?, date_trunc('minute', ?::timestamptz), 1)
            on conflict (name, minute) do update set runs = mine.runs + 1
            returning minute
            """)) {
      statement.setString(1, name);
      set(statement, 2, now);
      try (var result = statement.executeQuery()) {
        result.next();
        return time(result, "minute");
      }
    }
  }

  @Override
  public CompletionStage<Void> takeBack(String name, Instant minute) {
    return database
        .ask(connection -> takeBack(connection, name, minute))
        .thenRun(() -> known.invalidate(name));
  }

  private static Void takeBack(Connection connection, String name, Instant minute)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            update run_count set runs = runs - 1
            where name = ? and minute = ? and runs > 0
            """)) {
      statement.setString(1, name);
      set(statement, 2, minute);
      statement.executeUpdate();
      return null;
    }
  }

  @Override
  public CompletionStage<Usage> usage(int most) {
    return database.ask(
        connection -> {
          var now = now(connection);
          var callers = callers(connection, now, most);
          try (var statement =
              connection.prepareStatement(
                  """
                  select coalesce(sum(runs), 0) as runs, count(distinct name) as callers
                  from run_count where minute >= date_trunc('day', ?::timestamptz, 'UTC')
                    and runs > 0
                  """)) {
            set(statement, 1, now);
            try (var result = statement.executeQuery()) {
              result.next();
              return new Usage(result.getLong("runs"), result.getLong("callers"), callers);
            }
          }
        });
  }

  private static List<Used> callers(Connection connection, Instant now, int most)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select name,
              coalesce(sum(runs) filter (where minute > ?), 0) as hour,
              coalesce(sum(runs) filter (where minute > ?), 0) as day,
              sum(runs) as week
            from run_count where minute > ? and runs > 0
            group by name order by week desc, name limit ?
            """)) {
      statement.setInt(setBegins(statement, now), most);
      try (var result = statement.executeQuery()) {
        var all = new ArrayList<Used>();
        while (result.next()) {
          all.add(used(result.getString("name"), result));
        }
        return all;
      }
    }
  }

  private static Used used(String name, ResultSet row) throws SQLException {
    return new Used(name, row.getLong("hour"), row.getLong("day"), row.getLong("week"));
  }

  /**
   * Sets the first places to when the spans began.
   *
   * @return the place after them
   */
  private static int setBegins(PreparedStatement statement, Instant now) throws SQLException {
    int place = 1;
    for (var span : Span.values()) {
      set(statement, place++, Quota.begin(span, now));
    }
    return place;
  }

  private static void set(PreparedStatement statement, int place, Instant time)
      throws SQLException {
    statement.setObject(place, time.atOffset(ZoneOffset.UTC));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
