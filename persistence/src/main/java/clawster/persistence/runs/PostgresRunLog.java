package clawster.persistence.runs;

import clawster.persistence.database.Database;
import clawster.persistence.writer.NodeWriter;
import clawster.persistence.writer.RunWords;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunGone;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLog;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Writes through the node's writer, reads on the pool. */
public final class PostgresRunLog implements RunLog {

  /** What PostgreSQL says where a row's day has no partition. */
  private static final String CHECK_VIOLATION = "23514";

  private final Database database;
  private final NodeWriter writer;
  private final Consumer<RunFeed.Command> feed;

  public PostgresRunLog(Database database, NodeWriter writer, Consumer<RunFeed.Command> feed) {
    this.database = database;
    this.writer = writer;
    this.feed = feed;
  }

  @Override
  public void open(RunId run, int epoch, RunPlace place) {
    writer.open(run, epoch, place);
    feed.accept(new RunFeed.Opened(run, 0));
  }

  @Override
  public CompletionStage<List<RunEntry>> claim(RunId run, int epoch, RunPlace place) {
    return database
        .ask(connection -> claimed(connection, run, epoch, place))
        .thenApply(
            entries -> {
              var claim = entries.getLast();
              writer.take(run, epoch, claim.seq());
              feed.accept(new RunFeed.Opened(run, claim.seq()));
              feed.accept(new RunFeed.Committed(Map.of(run, List.of(claim))));
              return entries;
            });
  }

  /** Takes the seq after the tail; whoever wrote until now conflicts there. */
  private static List<RunEntry> claimed(Connection connection, RunId run, int epoch, RunPlace place)
      throws SQLException {
    while (true) {
      long tail = tail(connection, run);
      if (insertClaim(connection, run, tail + 1, epoch, place)) {
        return entries(connection, run, 0, Integer.MAX_VALUE);
      }
    }
  }

  private static long tail(Connection connection, RunId run) throws SQLException {
    try (var statement =
        connection.prepareStatement("select coalesce(max(seq), 0) from run_log where run = ?")) {
      statement.setObject(1, run.value());
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static boolean insertClaim(
      Connection connection, RunId run, long seq, int epoch, RunPlace place) throws SQLException {
    var word = new RunWord.Claimed();
    try (var statement =
        connection.prepareStatement(
            """
            insert into run_log (run, seq, epoch, step, kind, payload, session, place)
            values (?, ?, ?, 0, ?, ?, ?, ?)
            on conflict do nothing
            """)) {
      statement.setObject(1, run.value());
      statement.setLong(2, seq);
      statement.setInt(3, epoch);
      statement.setShort(4, RunWords.kind(word));
      statement.setBytes(5, RunWords.payload(word));
      statement.setObject(6, seq == 1 ? place.session() : null);
      statement.setObject(7, seq == 1 ? place.number() : null);
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      if (CHECK_VIOLATION.equals(e.getSQLState())) {
        throw new RunGone(run);
      }
      throw e;
    }
  }

  @Override
  public CompletionStage<Long> append(RunId run, int step, RunWord word) {
    return writer.append(run, step, word);
  }

  @Override
  public void close(RunId run) {
    writer.close(run);
    feed.accept(new RunFeed.Closed(run));
  }

  @Override
  public void release(RunId run) {
    writer.close(run);
    feed.accept(new RunFeed.Released(run));
  }

  @Override
  public CompletionStage<List<RunEntry>> read(RunId run, long after, int limit) {
    return database.ask(connection -> entries(connection, run, after, limit));
  }

  private static List<RunEntry> entries(Connection connection, RunId run, long after, int limit)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select seq, epoch, step, kind, payload
            from run_log where run = ? and seq > ? order by seq limit ?
            """)) {
      statement.setObject(1, run.value());
      statement.setLong(2, after);
      statement.setInt(3, limit);
      var entries = new ArrayList<RunEntry>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          entries.add(
              new RunEntry(
                  result.getLong(1),
                  result.getInt(2),
                  result.getInt(3),
                  RunWords.word(result.getShort(4), result.getBytes(5))));
        }
      }
      return entries;
    }
  }

  @Override
  public CompletionStage<List<RunId>> runs(UUID session, Optional<RunId> after) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  select run from run_log
                  where session = ? and seq = 1
                    and (place, run) > (
                      coalesce((select place from run_log where run = ? and seq = 1), 0), ?)
                  order by place, run limit ?
                  """)) {
            var last = after.map(RunId::value).orElse(new UUID(0, 0));
            statement.setObject(1, session);
            statement.setObject(2, last);
            statement.setObject(3, last);
            statement.setInt(4, PAGE);
            return runs(statement);
          }
        });
  }

  @Override
  public CompletionStage<Optional<RunId>> newest(UUID session) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  select run from run_log where session = ? and seq = 1
                  order by place desc, run desc limit 1
                  """)) {
            statement.setObject(1, session);
            return runs(statement).stream().findFirst();
          }
        });
  }

  @Override
  public CompletionStage<Boolean> hasBegun(UUID session, RunId run) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "select run from run_log where run = ? and seq = 1 and session = ?")) {
            statement.setObject(1, run.value());
            statement.setObject(2, session);
            return !runs(statement).isEmpty();
          }
        });
  }

  private static List<RunId> runs(PreparedStatement statement) throws SQLException {
    var runs = new ArrayList<RunId>();
    try (var result = statement.executeQuery()) {
      while (result.next()) {
        runs.add(new RunId(result.getObject(1, UUID.class)));
      }
    }
    return runs;
  }
}
