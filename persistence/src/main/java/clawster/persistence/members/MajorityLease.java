package clawster.persistence.members;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that decides which side of a split goes on: a lock in the database, held by a
 * connection of its own. Made by the split-brain resolver, by this class's name in its settings.
 *
 * <p>A node that was starved or stopped for a while misses everybody else's heartbeats, and is the
 * only one who thinks that there is a split. So a side with more members awake elsewhere than it
 * has first waits for somebody else to see a split too, and if nobody does, it does not get the
 * lock. If somebody does, nobody may be a majority, and then who asks first goes on: a majority
 * does not wait, and has long taken the lock.
 *
 * <p>Where two members hear each other no more and a third hears both, several ask though there are
 * no sides, and one who does not get the lock would have to end everybody it reaches. So whoever
 * comes too late first waits for what the holder's decision does to those it could not reach: if
 * that reaches us too, nothing is left to decide.
 *
 * <p>While the database is away there is no winner: whoever asks waits, up to {@link #PATIENCE}.
 * Nothing can be written meanwhile, and a side that gave up at once would leave a cluster that
 * loses a node and its database together without any node at all.
 */
public final class MajorityLease extends Lease {

  private static final Logger LOG = LoggerFactory.getLogger(MajorityLease.class);

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final LeaseSettings settings;
  private final Duration hesitation;
  private final ExtendedActorSystem system;
  private final DatabaseAddress address;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("clawster-majority-lease").daemon().factory());
  private Connection connection;
  private volatile boolean held;

  public MajorityLease(LeaseSettings settings, ExtendedActorSystem system) {
    this.settings = settings;
    this.hesitation = hesitation(settings, system);
    this.system = system;
    var database = system.settings().config().getConfig("clawster.database");
    this.address =
        new DatabaseAddress(
            database.getString("url"), database.getString("user"), database.getString("password"));
  }

  /**
   * Long enough for all sides to have seen the split: twice what the resolver gives a majority as
   * its lead, and short beside the time after which whoever waits for the lease would give it up.
   */
  private static Duration hesitation(LeaseSettings settings, ExtendedActorSystem system) {
    var lead =
        system
            .settings()
            .config()
            .getDuration(
                "pekko.cluster.split-brain-resolver.lease-majority.acquire-lease-delay-for-minority");
    var most = settings.timeoutSettings().getOperationTimeout().dividedBy(2);
    return lead.multipliedBy(2).compareTo(most) < 0 ? lead.multipliedBy(2) : most;
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return acquire(_ -> {});
  }

  /** {@code lost} is not called: the resolver decides once, with what it was told then. */
  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
    return CompletableFuture.supplyAsync(this::take, thread);
  }

  /**
   * @param ours addresses of the members we can reach, with our own
   */
  static boolean yields(Set<String> ours, Set<String> awake) {
    return awake.stream().filter(member -> !ours.contains(member)).count() > ours.size();
  }

  private Set<String> ours() {
    var cluster = Cluster.get(system);
    var unreachable = cluster.state().getUnreachable();
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> !unreachable.contains(member) || isHeard(cluster, member.address()))
        .map(member -> member.address().hostPort())
        .map(address -> address.substring(address.indexOf('@') + 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** It is unreachable for somebody else, and not for us. */
  private static boolean isHeard(Cluster cluster, Address member) {
    var detector = cluster.failureDetector();
    return detector.isMonitoring(member) && detector.isAvailable(member);
  }

  private boolean take() {
    var parted = parted();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (connection == null) {
          connection = Database.connect(address, ANSWER);
        }
        held = held || tryTake(connection);
        boolean goesOn = held || isSettledFor(parted);
        LOG.info(goesOn ? "This side of the split goes on" : "The other side of the split goes on");
        return goesOn;
      } catch (SQLException e) {
        disconnect();
        if (System.nanoTime() > end) {
          throw new IllegalStateException("no database to decide a split", e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Whom somebody cannot reach, and nobody has put out of the cluster yet. */
  private Set<Address> parted() {
    return Cluster.get(system).state().getUnreachable().stream()
        .filter(member -> member.status() != MemberStatus.down())
        .map(member -> member.address())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Waits for another's decision to settle what is to be decided. */
  private boolean isSettledFor(Set<Address> parted) {
    if (parted.isEmpty()) {
      return false;
    }
    long end = System.nanoTime() + hesitation.toNanos();
    while (!Collections.disjoint(parted, parted())) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  private boolean tryTake(Connection connection) throws SQLException {
    var asking = AdvisoryLock.asking(backend(connection));
    asking.tryTake(connection);
    try {
      if (yields(ours(), awake(connection)) && !isSeenByOthers(connection)) {
        LOG.warn("Most members are awake, though this side cannot hear them");
        return false;
      }
      return AdvisoryLock.MAJORITY.tryTake(connection);
    } finally {
      asking.release(connection);
    }
  }

  private static int backend(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  /** Hesitates, and says whether anybody else has asked meanwhile. */
  private boolean isSeenByOthers(Connection connection) throws SQLException {
    long end = System.nanoTime() + hesitation.toNanos();
    boolean seen = false;
    while (System.nanoTime() < end) {
      seen = seen || othersAsk(connection);
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return seen;
  }

  private static boolean othersAsk(Connection connection) throws SQLException {
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
  static Set<String> awake(Connection connection) throws SQLException {
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

  @Override
  public CompletionStage<Boolean> release() {
    return CompletableFuture.supplyAsync(
        () -> {
          giveBack();
          disconnect();
          return true;
        },
        thread);
  }

  /** PostgreSQL would notice a closed connection too, but a moment later. */
  private void giveBack() {
    try {
      if (held) {
        AdvisoryLock.MAJORITY.release(connection);
      }
    } catch (SQLException e) {
      LOG.debug("The lease goes with its connection: {}", e.getMessage());
    }
  }

  private void disconnect() {
    held = false;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException _) {
        // The lock has gone with it.
      }
      connection = null;
    }
  }

  @Override
  public boolean checkLease() {
    return held;
  }
}
