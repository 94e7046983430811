package clawster.persistence.sessions;

import clawster.persistence.database.Database;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SignsOfLife;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Callers beside the notes of their runs. How it goes with each shares the writer's commits; what
 * is asked again is rare and goes on the pool.
 */
public final class PostgresCallers implements Callers {

  /** A run is given to one of those who ask again at once; the others look at the next. */
  private static final int LOOKED_AT = 16;

  private final Database database;
  private final NodeWriter writer;
  private final SignsOfLife nodes;

  public PostgresCallers(Database database, NodeWriter writer, SignsOfLife nodes) {
    this.database = database;
    this.writer = writer;
    this.nodes = nodes;
  }

  @Override
  public Asking asking(RequestHash request) {
    return new Asking(request, nodes.self());
  }

  @Override
  public CompletionStage<Void> left(RunId run) {
    return writer.mark(run, false);
  }

  @Override
  public void delivered(RunId run) {
    writer.mark(run, true);
  }

  @Override
  public CompletionStage<Void> join(SessionId session, RunId run, Asking asking) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  insert into session_run (run, session, request, node, callers)
                  values (?, ?, ?, ?, 2)
                  on conflict (run) do update set
                    callers = session_run.callers + 1, node = excluded.node
                  """)) {
            statement.setObject(1, run.value());
            statement.setObject(2, session.value());
            statement.setString(3, asking.request().value());
            statement.setString(4, asking.node());
            statement.executeUpdate();
            return null;
          }
        });
  }

  private record Noted(RunId run, int callers, String node) {}

  @Override
  public CompletionStage<Optional<RunId>> rejoin(RequestHash request) {
    return database.ask(
        connection -> {
          for (var noted : noted(connection, request)) {
            boolean lost = noted.callers() == 0 || !nodes.isAlive(noted.node());
            if (lost && rejoin(connection, noted)) {
              return Optional.of(noted.run());
            }
          }
          return Optional.empty();
        });
  }

  private static List<Noted> noted(Connection connection, RequestHash request) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select run, callers, node from session_run
            where request = ? and not closed and begun > clock_timestamp() - ? * interval '1 second'
            order by begun desc, run desc limit ?
            """)) {
      statement.setString(1, request.value());
      statement.setLong(2, REJOINED_WITHIN.toSeconds());
      statement.setInt(3, LOOKED_AT);
      var found = new ArrayList<Noted>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          found.add(
              new Noted(
                  new RunId(result.getObject(1, UUID.class)),
                  result.getInt(2),
                  result.getString(3)));
        }
      }
      return found;
    }
  }

  /** Only as it was seen: somebody else may have been quicker. */
  private boolean rejoin(Connection connection, Noted noted) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            update session_run set callers = 1, node = ?
            where run = ? and callers = ? and node = ? and not closed
            """)) {
      statement.setString(1, nodes.self());
      statement.setObject(2, noted.run().value());
      statement.setInt(3, noted.callers());
      statement.setString(4, noted.node());
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public CompletionStage<Boolean> abandon(RunId run) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  update session_run set closed = true
                  where run = ? and callers = 0 and not closed
                  """)) {
            statement.setObject(1, run.value());
            return statement.executeUpdate() == 1;
          }
        });
  }
}
