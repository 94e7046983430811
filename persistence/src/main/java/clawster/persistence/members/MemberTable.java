package clawster.persistence.members;

import clawster.persistence.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * One node's place among the members, and its sight of the others. It holds a connection of its
 * own, and with it the node's sign of life. Blocks; for one thread at a time.
 *
 * <p>Whoever finds the connection broken may just ask again: it is opened anew, and the sign of
 * life is given again.
 */
public final class MemberTable implements AutoCloseable {

  /** Before the number of the member whose connection it is. */
  static final String NAME = "clawster member, node ";

  private static final int REMEMBERED_DAYS = 7;

  /** No node takes longer to become a member. */
  private static final int START_MINUTES = 10;

  private final MemberConnection own;
  private int me;

  /** Whether this connection holds our sign of life. */
  private boolean alive;

  public MemberTable(Database database) {
    this.own = new MemberConnection(() -> database.connect(MemberConnection.PATIENCE), this::named);
  }

  private String named(Connection anew) {
    alive = false;
    return NAME + me;
  }

  /**
   * Enters a node that is starting.
   *
   * @return its number
   */
  public int enter(String name, MemberId id) throws MembersAway {
    own.ask(MemberTable::forgetWhoNeverStarted);
    me = own.ask(connection -> insert(connection, name, id));
    own.ask(
        connection -> {
          own.rename(connection);
          return live(connection);
        });
    return me;
  }

  /** Nobody removes who was never a member. */
  private static int forgetWhoNeverStarted(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            delete from member m
            where m.state = 'starting' and m.since < clock_timestamp() - make_interval(mins => ?)
              and not exists (
                select from pg_locks l
                where l.locktype = 'advisory' and l.granted
                  and l.database = (select oid from pg_database where datname = current_database())
                  and l.classid = ? and l.objid = m.number and l.objsubid = 2)
            """)) {
      statement.setInt(1, START_MINUTES);
      statement.setInt(2, AdvisoryLock.MEMBERS);
      return statement.executeUpdate();
    }
  }

  private static int insert(Connection connection, String name, MemberId id) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into member (name, address, uid, url, state)
            values (?, ?, ?, '', 'starting') returning number
            """)) {
      statement.setString(1, name);
      statement.setString(2, id.address());
      statement.setLong(3, id.uid());
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  /** Gives our sign of life, unless an old connection of ours has not been found broken yet. */
  private boolean live(Connection connection) throws SQLException {
    if (!alive) {
      alive = AdvisoryLock.member(me).tryTake(connection);
    }
    return alive;
  }

  /** Everybody, at this moment. */
  public Census look() throws MembersAway {
    return own.ask(
        connection -> {
          live(connection);
          return look(connection);
        });
  }

  private Census look(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select m.number, m.name, m.address, m.uid, m.url, m.state,
              exists (
                select from pg_locks l
                where l.locktype = 'advisory' and l.granted
                  and l.database = (select oid from pg_database where datname = current_database())
                  and l.classid = ? and l.objid = m.number and l.objsubid = 2) as alive,
              f.value as incarnation,
              extract(epoch from clock_timestamp() - pg_postmaster_start_time()) as database_up
            from (select) one
              left join member m on m.state <> 'removed' or m.number = ?
              left join cluster_fact f on f.name = 'incarnation'
            """)) {
      statement.setInt(1, AdvisoryLock.MEMBERS);
      statement.setInt(2, me);
      try (var result = statement.executeQuery()) {
        return census(result);
      }
    }
  }

  private Census census(ResultSet rows) throws SQLException {
    var members = new ArrayList<Member>();
    var incarnation = Optional.<UUID>empty();
    var databaseUp = Duration.ZERO;
    while (rows.next()) {
      incarnation = Optional.ofNullable(rows.getString("incarnation")).map(UUID::fromString);
      databaseUp = Duration.ofMillis((long) (rows.getDouble("database_up") * 1_000));
      if (rows.getString("name") != null) {
        members.add(
            new Member(
                rows.getInt("number"),
                rows.getString("name"),
                rows.getString("address"),
                rows.getLong("uid"),
                rows.getString("url"),
                Member.State.of(rows.getString("state")),
                rows.getBoolean("alive")));
      }
    }
    return new Census(me, members, incarnation, databaseUp);
  }

  /**
   * Begins a cluster with this node as its first member, if nobody else is about to: whoever was a
   * member of the one before is none any more.
   *
   * @param unchanged looked at once nobody else can begin a cluster
   * @return the new cluster's incarnation; empty if somebody was quicker
   */
  public Optional<UUID> form(Predicate<Census> unchanged) throws MembersAway {
    return own.ask(
        connection -> {
          if (!AdvisoryLock.FORMING.tryTake(connection)) {
            return Optional.empty();
          }
          try {
            return unchanged.test(look(connection))
                ? Optional.of(form(connection))
                : Optional.empty();
          } finally {
            AdvisoryLock.FORMING.release(connection);
          }
        });
  }

  private UUID form(Connection connection) throws SQLException {
    var incarnation = UUID.randomUUID();
    try (var statement =
        connection.prepareStatement(
            """
            with others as (
              update member set state = 'removed' where number <> ? and state in ('up', 'leaving')
            ), old as (
              delete from member
              where state = 'removed' and since < clock_timestamp() - make_interval(days => ?)
            ), fact as (
              insert into cluster_fact values ('incarnation', ?)
              on conflict (name) do update set value = excluded.value
            )
            update member set state = 'up' where number = ?
            """)) {
      statement.setInt(1, me);
      statement.setInt(2, REMEMBERED_DAYS);
      statement.setString(3, incarnation.toString());
      statement.setInt(4, me);
      statement.executeUpdate();
    }
    return incarnation;
  }

  /**
   * This node is a member now and serves callers at {@code url}; false if it has been removed
   * meanwhile.
   */
  public boolean up(String url) throws MembersAway {
    return own.ask(connection -> become(connection, Member.State.UP, url));
  }

  /** This node is about to go. */
  public boolean leaving() throws MembersAway {
    return own.ask(connection -> become(connection, Member.State.LEAVING, ""));
  }

  private boolean become(Connection connection, Member.State state, String url)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "update member set state = ?, url = ? where number = ? and state <> 'removed'")) {
      statement.setString(1, state.column());
      statement.setString(2, url);
      statement.setInt(3, me);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * Sees to it that a node whose process is dead can never come back as that member.
   *
   * @return false if it gives a sign of life after all, or this node is no member any more
   */
  public boolean bury(Member dead) throws MembersAway {
    return own.ask(
        connection -> {
          var lock = AdvisoryLock.member(dead.number());
          if (!lock.tryTake(connection)) {
            return false;
          }
          try {
            return Removal.remove(connection, me, List.of(dead.id()));
          } finally {
            lock.release(connection);
          }
        });
  }

  /** The cluster has let that node go; it must not act any more, should it still run. */
  public void remove(MemberId gone) throws MembersAway {
    own.ask(connection -> Removal.remove(connection, me, List.of(gone)));
  }

  /** Takes its place back; whoever looks later finds no trace of it. */
  public void leave() throws MembersAway {
    own.ask(
        connection -> {
          try (var statement = connection.prepareStatement("delete from member where number = ?")) {
            statement.setInt(1, me);
            return statement.executeUpdate();
          }
        });
  }

  /** Our sign of life ends here. */
  @Override
  public void close() {
    own.close();
  }
}
