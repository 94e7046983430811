package clawster.persistence.limits;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Until the transaction ends nobody else counts for that name. Who waits for that keeps one of few
 * connections, and so gives up soon.
 *
 * @param of tells these locks from others of the database
 */
record NameLock(int of) {

  void take(Connection connection, String name) throws SQLException {
    try (var patience = connection.createStatement();
        var statement =
            connection.prepareStatement("select pg_advisory_xact_lock(?, hashtext(?))")) {
      patience.execute("set local lock_timeout = '2s'");
      statement.setInt(1, of);
      statement.setString(2, name);
      statement.execute();
    }
  }
}
