package clawster.persistence.sessions;

import clawster.persistence.database.Database;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.RequestClaims;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Claims under their primary key: of two who claim at once the database lets one be first. */
public final class PostgresRequestClaims implements RequestClaims {

  private final Database database;

  public PostgresRequestClaims(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<Held> claim(String principal, String key, Claim claim) {
    return database.ask(
        connection -> {
          // What is found may be swept away before it is read.
          while (true) {
            if (insert(connection, principal, key, claim)) {
              return new Held(claim, false);
            }
            var held = held(connection, principal, key);
            if (held.isPresent()) {
              return held.get();
            }
          }
        });
  }

  /** Takes the place of one that has had its time. */
  private static boolean insert(Connection connection, String principal, String key, Claim claim)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into request_claim (principal, key, request, run, session)
            values (?, ?, ?, ?, ?)
            on conflict (principal, key) do update set
              request = excluded.request, run = excluded.run, session = excluded.session,
              forgotten = false, since = clock_timestamp()
            where request_claim.since < clock_timestamp() - ? * interval '1 second'
            """)) {
      statement.setString(1, principal);
      statement.setString(2, key);
      statement.setString(3, claim.request().value());
      statement.setObject(4, claim.run().value());
      statement.setString(5, claim.session().value());
      statement.setLong(6, KEPT.toSeconds());
      return statement.executeUpdate() == 1;
    }
  }

  private static Optional<Held> held(Connection connection, String principal, String key)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select request, run, session, forgotten from request_claim
            where principal = ? and key = ?
            """)) {
      statement.setString(1, principal);
      statement.setString(2, key);
      try (var result = statement.executeQuery()) {
        return result.next()
            ? Optional.of(
                new Held(
                    new Claim(
                        new RequestHash(result.getString(1)),
                        new RunId(result.getObject(2, UUID.class)),
                        new SessionKey(result.getString(3))),
                    result.getBoolean(4)))
            : Optional.empty();
      }
    }
  }

  @Override
  public CompletionStage<Void> forget(SessionKey session) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "update request_claim set forgotten = true where session = ?")) {
            statement.setString(1, session.value());
            statement.executeUpdate();
            return null;
          }
        });
  }
}
