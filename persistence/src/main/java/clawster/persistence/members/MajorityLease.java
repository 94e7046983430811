package clawster.persistence.members;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
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
 * <p>The lock is kept for a while after a decision, so that who asks later learns of it. Should its
 * holder hang meanwhile, or its host be gone, nobody else could go on; so a side that reaches all
 * who are awake takes the lock away, and sees to it that the holder, should it wake, is a member no
 * more.
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
  private Split split;

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
        .map(member -> text(member.address()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** As {@link MemberTable} has it. */
  static String text(Address address) {
    var text = address.hostPort();
    return text.substring(text.indexOf('@') + 1);
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
        var split = split();
        boolean goesOn = tryTake(split) || goesOnBeside(parted, split);
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

  private Split split() throws SQLException {
    if (split == null) {
      var self = Cluster.get(system).selfMember().uniqueAddress();
      split = Split.seenBy(Database.connect(address, ANSWER), text(self.address()), self.longUid());
    }
    return split;
  }

  /** Whom somebody cannot reach, and nobody has put out of the cluster yet. */
  private Set<Address> parted() {
    return Cluster.get(system).state().getUnreachable().stream()
        .filter(member -> member.status() != MemberStatus.down())
        .map(member -> member.address())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Waits for the holder to settle what is to be decided, or to show that it will not. */
  private boolean goesOnBeside(Set<Address> parted, Split split) throws SQLException {
    long end = System.nanoTime() + hesitation.toNanos();
    while (!inherits(split)) {
      if (parted.isEmpty() || System.nanoTime() > end) {
        return false;
      }
      if (Collections.disjoint(parted, parted())) {
        return true;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  private boolean tryTake(Split split) throws SQLException {
    if (split.isOurs()) {
      return true;
    }
    split.ask();
    try {
      if (yields(ours(), split.awake()) && !isSeenByOthers(split)) {
        LOG.warn("Most members are awake, though this side cannot hear them");
        return false;
      }
      return split.take();
    } finally {
      split.askNoMore();
    }
  }

  /** Hesitates, and says whether anybody else has asked meanwhile. */
  private boolean isSeenByOthers(Split split) throws SQLException {
    long end = System.nanoTime() + hesitation.toNanos();
    boolean seen = false;
    while (System.nanoTime() < end) {
      seen = seen || split.othersAsk();
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return seen;
  }

  private boolean inherits(Split split) throws SQLException {
    var holder = split.holder();
    var ours = ours();
    if (holder.isEmpty() || !inherits(holder.get().address(), ours, split.awake())) {
      return false;
    }
    if (!ours.contains(holder.get().address())) {
      LOG.warn("{} decided the last split and hangs", holder.get().address());
      split.remove(holder.get());
    }
    split.endHold(holder.get());
    return split.take();
  }

  /**
   * Who may take the lock from its holder: its own side, and one that has all who are awake where
   * the holder is not, since nobody can be on the holder's side then.
   *
   * @param ours addresses of the members we can reach, with our own
   */
  static boolean inherits(String holder, Set<String> ours, Set<String> awake) {
    return ours.contains(holder) || !awake.contains(holder) && ours.containsAll(awake);
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

  private void giveBack() {
    try {
      if (split != null) {
        split.giveBack();
      }
    } catch (SQLException e) {
      LOG.debug("The lease goes with its connection: {}", e.getMessage());
    }
  }

  private void disconnect() {
    if (split != null) {
      split.close();
      split = null;
    }
  }

  /** This process may have slept, and others taken the lock: the resolver is to ask each time. */
  @Override
  public boolean checkLease() {
    return false;
  }
}
