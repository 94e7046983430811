package clawster.persistence.members;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * How a member is put out of the cluster for good, whoever does it. Who has been put out itself
 * does not know who is in the cluster, and puts out nobody; of two that would put out each other
 * one does.
 */
final class Removal {

  /**
   * Sent as one, and so one transaction that nobody keeps open by hanging in the midst of it. Each
   * statement sees what those committed who had the lock before. The driver sends them as one only
   * as long as none but the last may answer more than it can buffer, which text may.
   */
  private static final String REMOVE =
      """
      select pg_advisory_xact_lock(?, ?);
      update member set state = 'removed'
      where (address, uid) in (select * from unnest(?::text[], ?::bigint[]))
        and exists (select from member where number = ? and state <> 'removed');
      select exists (select from member where number = ? and state <> 'removed')
      """;

  private Removal() {}

  /**
   * Removes them, if {@code by} is none of the removed.
   *
   * @param by the number of who removes them
   * @return whether {@code by} is still a member; if not, others may be members whom it would have
   *     removed
   */
  static boolean remove(Connection connection, int by, Collection<MemberId> members)
      throws SQLException {
    try (var statement = connection.prepareStatement(REMOVE)) {
      statement.setInt(1, AdvisoryLock.REMOVAL.kind());
      statement.setInt(2, AdvisoryLock.REMOVAL.number());
      statement.setArray(
          3, connection.createArrayOf("text", members.stream().map(MemberId::address).toArray()));
      statement.setArray(
          4, connection.createArrayOf("bigint", members.stream().map(MemberId::uid).toArray()));
      statement.setInt(5, by);
      statement.setInt(6, by);
      statement.execute();
      statement.getMoreResults();
      statement.getMoreResults();
      try (var result = statement.getResultSet()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }
}
