package clawster.persistence.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.postgres.DatabaseAddress;
import com.typesafe.config.ConfigFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MajorityLeaseTest {

  private final DatabaseAddress address = TestDatabase.migrated("majority");
  private final List<ActorSystem> systems = new ArrayList<>();

  @AfterEach
  void end() {
    systems.forEach(ActorSystem::terminate);
  }

  /** Of a node of its own. */
  private MajorityLease lease(DatabaseAddress database) {
    var config =
        ConfigFactory.parseMap(
                Map.of(
                    "clawster.database.url", database.jdbcUrl(),
                    "clawster.database.user", database.user(),
                    "clawster.database.password", database.password()))
            .withFallback(
                ConfigFactory.parseString(
                    """
                    pekko.actor.provider = cluster, pekko.remote.artery.canonical.port = 0
                    pekko.cluster.split-brain-resolver.lease-majority {
                      acquire-lease-delay-for-minority = 500ms
                    }
                    """))
            .withFallback(ConfigFactory.load());
    var system = ActorSystem.create("lease", config);
    systems.add(system);
    var settings =
        LeaseSettings.apply(config.getConfig("pekko.coordination.lease"), "majority", "owner");
    return new MajorityLease(settings, (ExtendedActorSystem) system);
  }

  private Set<String> awake() throws SQLException {
    try (var split = Split.seenBy(TestDatabase.connect(address), "", 0)) {
      return split.awake();
    }
  }

  private static boolean result(CompletionStage<Boolean> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void oneSideGetsIt() throws Exception {
    var one = lease(address);
    var other = lease(address);
    assertTrue(result(one.acquire()));
    assertFalse(result(other.acquire()));
    assertTrue(result(one.acquire()));
    assertTrue(result(one.release()));
    assertTrue(result(other.acquire()));
  }

  @Test
  void aSideYieldsToMoreThatAreAwake() {
    assertTrue(MajorityLease.yields(Set.of("a"), Set.of("a", "b", "c")));
    assertFalse(MajorityLease.yields(Set.of("a"), Set.of("a", "b")));
    assertFalse(MajorityLease.yields(Set.of("a", "b"), Set.of("a", "b", "c")));
    assertFalse(MajorityLease.yields(Set.of("a"), Set.of("a")));
    assertTrue(MajorityLease.yields(Set.of("a"), Set.of("b", "c")));
  }

  @Test
  void theLockIsInheritedFromOnesOwnSideAndFromWhoSleeps() {
    assertTrue(MajorityLease.inherits("a", Set.of("a", "b"), Set.of("a", "b", "c")));
    assertTrue(MajorityLease.inherits("a", Set.of("b", "c"), Set.of("b", "c")));
    assertTrue(MajorityLease.inherits("a", Set.of("b", "c"), Set.of("b")));
    assertFalse(MajorityLease.inherits("a", Set.of("b"), Set.of("a", "b")));
    assertFalse(MajorityLease.inherits("a", Set.of("b"), Set.of("b", "c")));
  }

  @Test
  void whoIsAloneInSeeingASplitDoesNotGetIt() throws Exception {
    try (var database = new Database(address)) {
      var one = new MemberTable(database);
      var other = new MemberTable(database);
      var third = new MemberTable(database);
      var lease = lease(address);
      one.enter("one", "127.0.0.1:1", 1);
      one.up("");
      other.enter("other", "127.0.0.1:2", 2);
      assertEquals(Set.of("127.0.0.1:1"), awake());
      other.up("");
      third.enter("third", "127.0.0.1:3", 3);
      third.leaving();
      assertFalse(result(lease.acquire()));
      third.close();
      other.close();
      while (awake().size() > 1) {
        one.look();
      }
      // Nobody has joined the cluster of this lease's node, so its side is empty.
      assertFalse(result(lease.acquire()));
      one.close();
      while (!awake().isEmpty()) {
        Thread.onSpinWait();
      }
      assertTrue(result(lease.acquire()));
    }
  }

  /** No side hears another, and all of them are awake; those of these leases' nodes are empty. */
  @Test
  void ofThreeSidesThatAllSeeASplitOneGoesOn() throws Exception {
    try (var database = new Database(address)) {
      var tables = IntStream.range(0, 3).mapToObj(_ -> new MemberTable(database)).toList();
      for (var table : tables) {
        table.enter("one of three", "127.0.0.1:" + tables.indexOf(table), tables.indexOf(table));
        table.up("");
      }
      var leases = IntStream.range(0, 3).mapToObj(_ -> lease(address)).toList();
      var asked = leases.stream().map(lease -> lease.acquire().toCompletableFuture()).toList();
      while (!asked.stream().allMatch(CompletableFuture::isDone)) {
        for (var table : tables) {
          table.look();
        }
      }
      assertEquals(1, asked.stream().filter(CompletableFuture::join).count());
      tables.forEach(MemberTable::close);
    }
  }

  @Test
  void itIsFreeOnceItsHoldersConnectionIsGone() throws Exception {
    var one = lease(address);
    assertTrue(result(one.acquire()));
    TestDatabase.query(
        address,
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        """);
    assertTrue(result(lease(address).acquire()));
  }

  /** As a process that is stopped, or whose host is gone: its connections are still there. */
  @Test
  void whoDecidedAndHangsIsInheritedFrom() throws Exception {
    try (var database = new Database(address);
        var member = new MemberTable(database)) {
      var one = lease(address);
      var self = Cluster.get(systems.getFirst()).selfMember().uniqueAddress();
      member.enter("one", MajorityLease.text(self.address()), self.longUid());
      member.up("");
      assertFalse(result(one.acquire()), "it is awake, and on no side");
      while (!awake().isEmpty()) {
        LockSupport.parkNanos(100_000);
      }
      assertTrue(result(one.acquire()));
      member.look();
      var other = lease(address);
      assertFalse(result(other.acquire()));
      assertEquals(Member.State.UP, member.look().self().orElseThrow().state());
      while (!awake().isEmpty()) {
        LockSupport.parkNanos(100_000);
      }
      assertTrue(result(other.acquire()));
      assertEquals(Member.State.REMOVED, member.look().self().orElseThrow().state());
      assertFalse(result(one.acquire()), "should it wake, it is not who goes on");
    }
  }

  @Test
  void whoAsksWhileTheDatabaseIsAwayWaitsForIt() throws Exception {
    try (var proxy = new TestProxy(address)) {
      proxy.leave();
      var asked = lease(proxy.address()).acquire().toCompletableFuture();
      assertFalse(asked.isDone());
      proxy.comeBack();
      assertTrue(result(asked));
    }
  }
}
