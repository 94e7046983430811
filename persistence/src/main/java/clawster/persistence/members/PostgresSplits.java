package clawster.persistence.members;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;

/**
 * While it has a connection, the others see that this node does not hear everybody. Nothing is
 * held: what is decided is in the table of members, and so outlives who decided it and PostgreSQL's
 * own death.
 */
public final class PostgresSplits implements Splits {

  /** Before the number of the member whose connection it is. */
  static final String NAME = "clawster split, node ";

  /**
   * By the names of connections, as a member whose connection broke has a new one at once, though
   * PostgreSQL may keep its lock with the old one for a while. One that waits for an answer is
   * awake: it is the database that is not. So is one of which PostgreSQL says nothing, because it
   * was told not to track what connections do, or because that is another's.
   */
  private static final String LOOK =
      """
      select m.number = ? as self, m.address, m.uid, m.state <> 'removed' as member,
        coalesce(bool_or(a.application_name = ? || m.number), false) as awake,
        coalesce(bool_or(a.application_name = ? || m.number), false) as asking
      from member m
        left join pg_stat_activity a on a.datname = current_database()
          and (coalesce(a.state, 'disabled') in ('active', 'disabled')
            or a.query_start > clock_timestamp() - interval '2 seconds')
          and a.application_name in (? || m.number, ? || m.number)
      where m.state in ('up', 'leaving') or m.number = ?
      group by m.number
      """;

  private final MemberId self;
  private final MemberConnection own;
  private int me;

  /**
   * @param self this node, as it entered itself into the {@link MemberTable}
   */
  public PostgresSplits(DatabaseAddress address, MemberId self) {
    this.self = self;
    this.own =
        new MemberConnection(
            () -> Database.connect(address, MemberConnection.PATIENCE), this::named);
  }

  private String named(Connection connection) throws SQLException {
    me = number(connection);
    return NAME + me;
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

  @Override
  public Sight look() throws MembersAway {
    return own.ask(this::look);
  }

  private Sight look(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(LOOK)) {
      statement.setInt(1, me);
      statement.setString(2, MemberTable.NAME);
      statement.setString(3, NAME);
      statement.setString(4, MemberTable.NAME);
      statement.setString(5, NAME);
      statement.setInt(6, me);
      try (var result = statement.executeQuery()) {
        return sight(result);
      }
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

  @Override
  public boolean remove(Collection<MemberId> members) throws MembersAway {
    return own.ask(connection -> Removal.remove(connection, me, members));
  }

  @Override
  public void close() {
    own.close();
  }
}
