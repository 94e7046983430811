package clawster.persistence.members;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;

/**
 * Where one side of a split is put out of the cluster. While it has a connection, the others see
 * that this node does not hear everybody. Blocks; for one thread at a time.
 *
 * <p>Nothing is held: what is decided is in the table of members, and so outlives who decided it
 * and PostgreSQL's own death.
 */
public final class Splits implements AutoCloseable {

  /** Before the number of the member whose connection it is. */
  static final String NAME = "clawster split, node ";

  /** An answer that takes longer is as good as none. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * By the names of connections, as a member whose connection broke has a new one at once, though
   * PostgreSQL may keep its lock with the old one for a while. One that waits for an answer is
   * awake: it is the database that is not.
   */
  private static final String LOOK =
      """
      select m.number = ? as self, m.address, m.uid, m.state <> 'removed' as member,
        coalesce(bool_or(a.application_name = ? || m.number), false) as awake,
        coalesce(bool_or(a.application_name = ? || m.number), false) as asking
      from member m
        left join pg_stat_activity a on a.datname = current_database()
          and (a.state = 'active' or a.query_start > clock_timestamp() - interval '2 seconds')
          and a.application_name in (? || m.number, ? || m.number)
      where m.state in ('up', 'leaving') or m.number = ?
      group by m.number
      """;

  private final DatabaseAddress address;
  private final MemberId self;
  private Connection connection;
  private int me;

  /**
   * @param self this node, as it entered itself into the {@link MemberTable}
   */
  public Splits(DatabaseAddress address, MemberId self) {
    this.address = address;
    this.self = self;
  }

  private Connection connection() throws SQLException {
    if (connection == null) {
      connection = Database.connect(address, PATIENCE);
      me = number(connection);
      ConnectionName.give(connection, NAME + me);
    }
    return connection;
  }

  /** Zero, which nobody has, if it is no member. */
  private int number(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement("select number from member where address = ? and uid = ?")) {
      statement.setString(1, self.address());
      statement.setLong(2, self.uid());
      try (var result = statement.executeQuery()) {
        return result.next() ? result.getInt(1) : 0;
      }
    }
  }

  /** What there is at this moment; from here on the others see that this node asks. */
  public Sight look() throws MembersAway {
    try (var statement = connection().prepareStatement(LOOK)) {
      statement.setInt(1, me);
      statement.setString(2, MemberTable.NAME);
      statement.setString(3, NAME);
      statement.setString(4, MemberTable.NAME);
      statement.setString(5, NAME);
      statement.setInt(6, me);
      try (var result = statement.executeQuery()) {
        return sight(result);
      }
    } catch (SQLException e) {
      close();
      throw new MembersAway(e);
    }
  }

  private static Sight sight(ResultSet rows) throws SQLException {
    boolean isMember = false;
    var awake = new HashSet<MemberId>();
    var asking = new HashSet<MemberId>();
    while (rows.next()) {
      var member = new MemberId(rows.getString("address"), rows.getLong("uid"));
      isMember |= rows.getBoolean("self") && rows.getBoolean("member");
      if (rows.getBoolean("awake")) {
        awake.add(member);
      }
      if (rows.getBoolean("asking")) {
        asking.add(member);
      }
    }
    return new Sight(isMember, awake, asking);
  }

  /**
   * Puts out who is not to go on, unless this node has been put out itself.
   *
   * @return whether this node goes on
   */
  public boolean remove(Collection<MemberId> members) throws MembersAway {
    try {
      return Removal.remove(connection(), me, members);
    } catch (SQLException e) {
      close();
      throw new MembersAway(e);
    }
  }

  /** This node hears everybody again, or is no member any more. It may ask anew. */
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
