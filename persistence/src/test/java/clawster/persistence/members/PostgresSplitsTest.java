package clawster.persistence.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.Await;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.members.Member.State;
import clawster.persistence.postgres.DatabaseAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PostgresSplitsTest {

  private static final MemberId ONE = new MemberId("127.0.0.1:1", 11);
  private static final MemberId OTHER = new MemberId("[::1]:2", -22);
  private static final MemberId THIRD = new MemberId("third.example:3", 33);

  private final DatabaseAddress address = TestDatabase.migrated("splits");
  private final Database database = new Database(address);
  private final List<AutoCloseable> open = new ArrayList<>(List.of(database));

  @AfterEach
  void end() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private MemberTable member(MemberId id) throws MembersAway {
    return member(id, database);
  }

  private MemberTable member(MemberId id, Database through) throws MembersAway {
    var table = new MemberTable(through);
    open.add(table);
    table.enter("any", id);
    table.up("");
    return table;
  }

  private Splits splits(MemberId self) {
    var splits = new PostgresSplits(address, self);
    open.add(splits);
    return splits;
  }

  private static State state(MemberTable table) throws MembersAway {
    return table.look().self().orElseThrow().state();
  }

  @Test
  void whoIsPutOutNeitherGoesOnNorPutsOut() throws Exception {
    var one = member(ONE);
    var other = member(OTHER);
    var third = member(THIRD);
    assertTrue(splits(ONE).remove(Set.of(OTHER, THIRD)));
    assertFalse(splits(OTHER).remove(Set.of(ONE)));
    assertFalse(splits(OTHER).look().isMember());
    assertTrue(splits(ONE).look().isMember());
    assertEquals(State.UP, state(one));
    assertEquals(State.REMOVED, state(other));
    assertEquals(State.REMOVED, state(third));
  }

  @Test
  void whoPutsOutItselfGoesOnNoMore() throws Exception {
    var one = member(ONE);
    assertFalse(splits(ONE).remove(Set.of(ONE)));
    assertEquals(State.REMOVED, state(one));
  }

  @Test
  void whoIsNoMemberPutsOutNobody() throws Exception {
    var one = member(ONE);
    assertFalse(splits(OTHER).look().isMember());
    assertFalse(splits(OTHER).remove(Set.of(ONE)));
    assertFalse(splits(new MemberId(ONE.address(), 12)).remove(Set.of(ONE)));
    assertEquals(State.UP, state(one));
  }

  /** Whatever the server's default is. */
  @Test
  void soItIsWhereTransactionsSeeNothingNewByDefault() throws Exception {
    TestDatabase.execute(
        address, "alter database splits set default_transaction_isolation = 'repeatable read'");
    ofTwoThatPutOutEachOtherOneGoesOn();
  }

  /** Both have begun, and neither can have seen what the other does. */
  @Test
  void ofTwoThatPutOutEachOtherOneGoesOn() throws Exception {
    member(ONE);
    member(OTHER);
    var one = splits(ONE);
    var other = splits(OTHER);
    assertTrue(one.remove(Set.of(THIRD)), "the driver knows the statements from here on");
    assertTrue(other.remove(Set.of(THIRD)));
    try (var holder = TestDatabase.connect(address)) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("select from member for update");
      var first = later(() -> one.remove(Set.of(OTHER)));
      var second = later(() -> other.remove(Set.of(ONE)));
      awaitWaiting(2);
      holder.rollback();
      assertTrue(first.join() != second.join());
      assertEquals(first.join(), one.look().isMember());
      assertEquals(second.join(), other.look().isMember());
    }
  }

  private void awaitWaiting(int connections) throws Exception {
    Await.until(
        "both wait",
        () ->
            TestDatabase.query(
                    address,
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'
                    """)
                .equals(String.valueOf(connections)));
  }

  private interface Removing {
    boolean remove() throws MembersAway;
  }

  private static CompletableFuture<Boolean> later(Removing removing) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return removing.remove();
          } catch (MembersAway e) {
            throw new AssertionError(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void whoLooksIsAwakeAndWhoHasNotForTwoSecondsSleeps() throws Exception {
    var one = member(ONE);
    var starting = new MemberTable(database);
    open.add(starting);
    starting.enter("starting", OTHER);
    var third = member(THIRD);
    third.leaving();
    var splits = splits(ONE);
    splits.look();
    one.look();
    third.look();
    assertEquals(Set.of(ONE, THIRD), splits.look().awake());
    Await.until("the third sleeps", () -> !splits.look().awake().contains(THIRD));
    one.look();
    assertEquals(Set.of(ONE), splits.look().awake());
  }

  /** On a busy machine its connection may take long to end, but not every time. */
  @Test
  void whoseConnectionIsGoneSleeps() throws Exception {
    var splits = splits(ONE);
    boolean soon = false;
    for (int uid = 0; uid < 3 && !soon; uid++) {
      soon = sleepsWithinASecond(splits, new MemberId(OTHER.address(), uid));
    }
    assertTrue(soon, "long before two seconds are over");
  }

  private boolean sleepsWithinASecond(Splits splits, MemberId id) throws Exception {
    var table = member(id);
    splits.look();
    table.look();
    assertTrue(splits.look().awake().contains(id));
    long start = System.nanoTime();
    table.close();
    Await.until("it sleeps", () -> !splits.look().awake().contains(id));
    return System.nanoTime() - start < 1_000_000_000;
  }

  /** What is left of its old connection keeps its lock; the new one shows that it looks. */
  @Test
  void whoseConnectionWasCutIsAwakeThoughPostgresqlHasNotSeenIt() throws Exception {
    try (var proxy = new TestProxy(address);
        var through = new Database(proxy.address())) {
      var one = member(ONE, through);
      proxy.leave();
      assertThrows(MembersAway.class, one::look);
      proxy.comeBack();
      var splits = splits(OTHER);
      Await.until("it sleeps", () -> !splits.look().awake().contains(ONE));
      one.look();
      assertEquals(Set.of(ONE), splits.look().awake());
    }
  }

  @Test
  void whoAsksIsSeenToAskUntilItDoesNotAnyMore() throws Exception {
    member(ONE);
    member(OTHER);
    var one = splits(ONE);
    var other = splits(OTHER);
    assertEquals(Set.of(ONE), one.look().asking());
    assertEquals(Set.of(ONE, OTHER), other.look().asking());
    assertEquals(Set.of(ONE, OTHER), one.look().asking());
    other.close();
    Await.until("the other does not ask", () -> !one.look().asking().contains(OTHER));
    assertEquals(Set.of(ONE, OTHER), other.look().asking());
  }

  @Test
  void aBrokenConnectionIsReplacedWhenItIsAskedAgain() throws Exception {
    member(ONE);
    var splits = splits(ONE);
    splits.look();
    endAll();
    assertThrows(MembersAway.class, splits::look);
    assertTrue(splits.look().isMember());
    endAll();
    assertThrows(MembersAway.class, () -> splits.remove(Set.of(OTHER)));
    assertTrue(splits.remove(Set.of(OTHER)));
  }

  private void endAll() {
    TestDatabase.query(
        address,
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        """);
  }
}
