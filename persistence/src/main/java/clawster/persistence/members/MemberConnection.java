package clawster.persistence.members;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A connection of a node's own, by whose name the others know it. Found broken, it is opened anew
 * when it is asked again. Blocks; for one thread at a time.
 */
final class MemberConnection implements AutoCloseable {

  /** An answer that takes longer is as good as none. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * Nothing is done for a node that has stopped waiting for it, and nobody is kept waiting by one
   * that hangs.
   */
  private static final String BOUNDS =
      "set statement_timeout = %1$d; set idle_in_transaction_session_timeout = %1$d"
          .formatted(PATIENCE.toMillis());

  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  @FunctionalInterface
  interface Naming {
    String name(Connection connection) throws SQLException;
  }

  @FunctionalInterface
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private final Opening opening;
  private final Naming naming;
  private Connection connection;

  /**
   * @param naming asked each time when a connection has been opened
   */
  MemberConnection(Opening opening, Naming naming) {
    this.opening = opening;
    this.naming = naming;
  }

  <T> T ask(Question<T> question) throws MembersAway {
    try {
      if (connection == null) {
        connection = opening.open();
        prepare(connection);
      }
      return question.ask(connection);
    } catch (SQLException e) {
      close();
      throw new MembersAway(e);
    }
  }

  private void prepare(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(BOUNDS);
    }
    rename(connection);
  }

  /** Gives it the name it is to have by now. */
  void rename(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement("select set_config('application_name', ?, false)")) {
      statement.setString(1, naming.name(connection));
      statement.executeQuery().close();
    }
  }

  /** What it holds goes with it. */
  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It was broken already.
      }
      connection = null;
    }
  }
}
