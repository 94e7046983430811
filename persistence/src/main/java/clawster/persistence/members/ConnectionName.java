package clawster.persistence.members;

import java.sql.Connection;
import java.sql.SQLException;

/** What a connection is called, for other nodes and for people. */
final class ConnectionName {

  private ConnectionName() {}

  static void give(Connection connection, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement("select set_config('application_name', ?, false)")) {
      statement.setString(1, name);
      statement.executeQuery().close();
    }
  }
}
