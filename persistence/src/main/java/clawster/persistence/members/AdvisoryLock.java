package clawster.persistence.members;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A lock of PostgreSQL's that a connection holds and that goes with it, however it goes. Taking it
 * twice on one connection means giving it back twice.
 *
 * @param kind which kind of lock; our own numbers, far from those that libraries use
 * @param number which one of them
 */
record AdvisoryLock(int kind, int number) {

  static final int MEMBERS = 0x636c7701;

  /** Held by who is about to begin a cluster. */
  static final AdvisoryLock FORMING = new AdvisoryLock(0x636c7702, 0);

  /** Held by who removes members. */
  static final AdvisoryLock REMOVAL = new AdvisoryLock(0x636c7703, 0);

  /** A node's sign of life. */
  static AdvisoryLock member(int number) {
    return new AdvisoryLock(MEMBERS, number);
  }

  boolean tryTake(Connection connection) throws SQLException {
    return ask(connection, "select pg_try_advisory_lock(?, ?)");
  }

  /** False if the connection did not hold it. */
  boolean release(Connection connection) throws SQLException {
    return ask(connection, "select pg_advisory_unlock(?, ?)");
  }

  private boolean ask(Connection connection, String question) throws SQLException {
    try (var statement = connection.prepareStatement(question)) {
      statement.setInt(1, kind);
      statement.setInt(2, number);
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }
}
