package clawster.persistence.limits;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Until the transaction ends nobody else counts for that name.
 *
 * @param of tells these locks from others of the database
 */
record NameLock(int of) {

  void take(Connection connection, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement("select pg_advisory_xact_lock(?, hashtext(?))")) {
      statement.setInt(1, of);
      statement.setString(2, name);
      statement.execute();
    }
  }
}
