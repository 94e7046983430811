package clawster.persistence.members;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * A split as the database sees it, and this node's part in it: a connection that holds the lock of
 * who goes on, or wants to. Blocks; for one thread at a time.
 */
final class Split implements AutoCloseable {

  /** Before the number of the member whose connection it is: for the others, and for people. */
  private static final String NAME = "clawster split, node ";

  /** How long PostgreSQL may take to end a connection. */
  private static final Duration END = Duration.ofSeconds(1);

  /**
   * The member who goes on.
   *
   * @param backend the process of PostgreSQL's that serves its connection
   */
  record Holder(int number, String address, int backend, boolean isThisNode) {}

  private final Connection connection;
  private final AdvisoryLock asking;

  private Split(Connection connection, AdvisoryLock asking) {
    this.connection = connection;
    this.asking = asking;
  }

  /**
   * @param connection closed with this, or before this fails
   * @param address of this node, as it entered itself into the {@link MemberTable}
   * @param uid the same
   */
  static Split seenBy(Connection connection, String address, long uid) throws SQLException {
    try {
      name(connection, address, uid);
      int backend = connection.unwrap(PGConnection.class).getBackendPID();
      return new Split(connection, AdvisoryLock.asking(backend));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void name(Connection connection, String address, long uid) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select set_config('application_name', ? || number, false)
            from member where address = ? and uid = ?
            """)) {
      statement.setString(1, NAME);
      statement.setString(2, address);
      statement.setLong(3, uid);
      statement.executeQuery().close();
    }
  }

  /** Shows the others that this node sees a split. */
  void ask() throws SQLException {
    asking.tryTake(connection);
  }

  void askNoMore() throws SQLException {
    asking.release(connection);
  }

  boolean othersAsk() throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select exists (
              select from pg_locks
              where locktype = 'advisory' and granted and pid <> pg_backend_pid()
                and database = (select oid from pg_database where datname = current_database())
                and classid = ? and objsubid = 2)
            """)) {
      statement.setInt(1, AdvisoryLock.ASKING);
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }

  /** Addresses of members whose sign of life is there and who have looked at others lately. */
  Set<String> awake() throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select m.address
            from member m
              join pg_locks l on l.locktype = 'advisory' and l.granted
                and l.database = (select oid from pg_database where datname = current_database())
                and l.classid = ? and l.objid = m.number and l.objsubid = 2
              join pg_stat_activity a on a.pid = l.pid
            where m.state in ('up', 'leaving')
              and a.query_start > clock_timestamp() - interval '2 seconds'
            """)) {
      statement.setInt(1, AdvisoryLock.MEMBERS);
      var awake = new HashSet<String>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          awake.add(result.getString(1));
        }
      }
      return awake;
    }
  }

  /** Whether this node is who goes on. */
  boolean isOurs() throws SQLException {
    return holder().filter(Holder::isThisNode).isPresent();
  }

  /** False if another has been quicker. */
  boolean take() throws SQLException {
    return AdvisoryLock.MAJORITY.tryTake(connection);
  }

  /** PostgreSQL would notice a closed connection too, but a moment later. */
  void giveBack() throws SQLException {
    AdvisoryLock.MAJORITY.release(connection);
  }

  /** Has it hold the lock no more. It may ask for it anew. */
  void endHold(Holder holder) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select pg_terminate_backend(pid, ?) from pg_stat_activity
            where pid = ? and application_name = ?
            """)) {
      statement.setLong(1, END.toMillis());
      statement.setInt(2, holder.backend());
      statement.setString(3, NAME + holder.number());
      statement.executeQuery().close();
    }
  }

  /** Should it wake, it finds itself removed. */
  void remove(Holder holder) throws SQLException {
    try (var statement =
        connection.prepareStatement("update member set state = 'removed' where number = ?")) {
      statement.setInt(1, holder.number());
      statement.executeUpdate();
    }
  }

  /** Who has decided, and may decide again. */
  Optional<Holder> holder() throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select m.number, m.address, a.pid, a.pid = pg_backend_pid() as ours
            from pg_locks l
              join pg_stat_activity a on a.pid = l.pid
              join member m on a.application_name = ? || m.number
            where l.locktype = 'advisory' and l.granted
              and l.database = (select oid from pg_database where datname = current_database())
              and l.classid = ? and l.objid = ? and l.objsubid = 2
            """)) {
      statement.setString(1, NAME);
      statement.setInt(2, AdvisoryLock.MAJORITY.kind());
      statement.setInt(3, AdvisoryLock.MAJORITY.number());
      try (var result = statement.executeQuery()) {
        return result.next()
            ? Optional.of(
                new Holder(
                    result.getInt("number"),
                    result.getString("address"),
                    result.getInt("pid"),
                    result.getBoolean("ours")))
            : Optional.empty();
      }
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException _) {
      // What it held has gone with it.
    }
  }
}
