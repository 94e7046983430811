package clawster.persistence.members;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.postgres.DatabaseAddress;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MajorityLeaseTest {

  private final DatabaseAddress address = TestDatabase.empty("majority");
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
            .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
            .withFallback(ConfigFactory.load());
    var system = ActorSystem.create("lease", config);
    systems.add(system);
    var settings =
        LeaseSettings.apply(config.getConfig("pekko.coordination.lease"), "majority", "owner");
    return new MajorityLease(settings, (ExtendedActorSystem) system);
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
    assertTrue(one.checkLease());
    assertFalse(other.checkLease());
    assertTrue(result(one.acquire()));
    assertTrue(result(one.release()));
    assertFalse(one.checkLease());
    assertTrue(result(other.acquire()));
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
