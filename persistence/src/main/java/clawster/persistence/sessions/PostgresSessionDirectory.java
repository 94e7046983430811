package clawster.persistence.sessions;

import clawster.persistence.database.Database;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.InputMode;
import clawster.runtime.sessions.SessionDirectory;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionProfile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Writes through the node's writer, reads on the pool; what is rare is written there too. */
public final class PostgresSessionDirectory implements SessionDirectory {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final NodeWriter writer;

  public PostgresSessionDirectory(Database database, NodeWriter writer) {
    this.database = database;
    this.writer = writer;
  }

  @Override
  public CompletionStage<Void> owe(SessionId session, RunId run, Optional<Callers.Asking> asking) {
    return writer.note(session, run, asking);
  }

  /** Rare, and so past the writer; a note that is not there yet is about to be written. */
  @Override
  public CompletionStage<Void> oweAgain(RunId run) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  update session_run set settled = false, since = clock_timestamp()
                  where run = ?
                  """)) {
            statement.setObject(1, run.value());
            statement.executeUpdate();
            return null;
          }
        });
  }

  @Override
  public void settle(RunId run) {
    writer.settle(run);
  }

  @Override
  public CompletionStage<Void> show(Summary summary) {
    return writer.show(summary, false);
  }

  @Override
  public CompletionStage<Void> hide(Summary last) {
    return writer.show(last, true);
  }

  @Override
  public CompletionStage<Void> hide(SessionId session, long revision) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  update session set gone = true, revision = ?, updated = clock_timestamp()
                  where id = ? and revision < ?
                  """)) {
            statement.setLong(1, revision);
            statement.setObject(2, session.value());
            statement.setLong(3, revision);
            statement.executeUpdate();
            return null;
          }
        });
  }

  @Override
  public CompletionStage<Void> bury(SessionId session, long revision) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  with buried as (
                    select ?::uuid as id, 'session|' || ? as journal, ?::bigint as revision
                  ), events as (
                    delete from event_journal using buried
                    where persistence_id = journal and sequence_number < revision
                  ), snapshots as (
                    delete from snapshot using buried
                    where persistence_id = journal and sequence_number < revision
                  )
                  update session set
                    gone = true, revision = buried.revision, updated = clock_timestamp()
                  from buried
                  where session.id = buried.id and session.revision < buried.revision
                  """)) {
            statement.setObject(1, session.value());
            statement.setString(2, session.toString());
            statement.setLong(3, revision);
            statement.executeUpdate();
            return null;
          }
        });
  }

  @Override
  public CompletionStage<Page> list(Query query) {
    return database.ask(connection -> page(connection, query));
  }

  @Override
  public CompletionStage<Map<SessionId, SessionKey>> keys(Set<SessionId> sessions) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement("select id, key from session where id = any (?)")) {
            statement.setArray(
                1,
                connection.createArrayOf(
                    "uuid", sessions.stream().map(SessionId::value).toArray()));
            var keys = new HashMap<SessionId, SessionKey>();
            try (var result = statement.executeQuery()) {
              while (result.next()) {
                keys.put(
                    new SessionId(result.getObject(1, UUID.class)),
                    new SessionKey(result.getString(2)));
              }
            }
            return keys;
          }
        });
  }

  private static final String ASKED_FOR =
      """
      from session
      where not gone and (kept or ?) and (? = '' or agent = ?) and (? = '' or channel = ?)
      """;

  private static Page page(Connection connection, Query query) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select id, revision, key, agent, kept, channel, user_name, label, model, metadata,
              input_mode, message_count, input_tokens, output_tokens, last_prompt_tokens,
              created, updated,
              count(*) over () as total
            """
                + ASKED_FOR
                + "order by updated desc, id limit ? offset ?")) {
      int next = setFilters(statement, query);
      statement.setInt(next, query.limit());
      statement.setInt(next + 1, query.offset());
      var found = new ArrayList<Summary>();
      long total = 0;
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          found.add(summary(result));
          total = result.getLong("total");
        }
      }
      return new Page(
          found, found.isEmpty() && query.offset() > 0 ? total(connection, query) : total);
    }
  }

  /** A page behind the end has no row that could say it. */
  private static long total(Connection connection, Query query) throws SQLException {
    try (var statement = connection.prepareStatement("select count(*) " + ASKED_FOR)) {
      setFilters(statement, query);
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static int setFilters(PreparedStatement statement, Query query) throws SQLException {
    statement.setBoolean(1, query.stateless());
    statement.setString(2, query.agent());
    statement.setString(3, query.agent());
    statement.setString(4, query.channel());
    statement.setString(5, query.channel());
    return 6;
  }

  private static Summary summary(ResultSet row) throws SQLException {
    return new Summary(
        new SessionId(row.getObject("id", UUID.class)),
        row.getLong("revision"),
        new SessionProfile(
            new SessionKey(row.getString("key")),
            row.getString("agent"),
            row.getBoolean("kept"),
            row.getString("channel"),
            row.getString("user_name"),
            row.getString("label"),
            row.getString("model"),
            metadata(row.getString("metadata")),
            InputMode.valueOf(row.getString("input_mode"))),
        row.getInt("message_count"),
        row.getLong("input_tokens"),
        row.getLong("output_tokens"),
        row.getLong("last_prompt_tokens"),
        instant(row, "created"),
        instant(row, "updated"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static Map<String, String> metadata(String json) {
    try {
      return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CompletionStage<List<OwedRun>> owed(Optional<RunId> after, int limit) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  select session, run, extract(epoch from clock_timestamp() - since) as age
                  from session_run
                  where not settled
                    and (since, run) > (
                      coalesce((select since from session_run where run = ?), '-infinity'), ?)
                  order by since, run limit ?
                  """)) {
            var last = after.map(RunId::value).orElse(new UUID(0, 0));
            statement.setObject(1, last);
            statement.setObject(2, last);
            statement.setInt(3, limit);
            var owed = new ArrayList<OwedRun>();
            try (var result = statement.executeQuery()) {
              while (result.next()) {
                owed.add(
                    new OwedRun(
                        new SessionId(result.getObject(1, UUID.class)),
                        new RunId(result.getObject(2, UUID.class)),
                        Duration.ofMillis((long) (result.getDouble(3) * 1_000))));
              }
            }
            return owed;
          }
        });
  }

  @Override
  public CompletionStage<Void> check() {
    return database.ask(
        connection -> {
          try (var statement = connection.prepareStatement("select 1")) {
            statement.execute();
            return null;
          }
        });
  }
}
