package clawster.persistence.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.Await;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.database.TestProxy;
import clawster.persistence.members.Member.State;
import clawster.persistence.postgres.DatabaseAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class MemberTableTest {

  private static final String END_CONNECTIONS =
      """
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
      """;

  private final DatabaseAddress address = TestDatabase.migrated("members");
  private final Database database = new Database(address);
  private final MemberTable one = new MemberTable(database);
  private final MemberTable two = new MemberTable(database);

  @AfterEach
  void end() {
    one.close();
    two.close();
    database.close();
  }

  private static List<Member> others(MemberTable table) throws MembersAway {
    return table.look().others();
  }

  /** PostgreSQL notices a closed connection when it looks at it. */
  private void awaitSilence() throws Exception {
    Await.until("silence", () -> !others(two).getFirst().alive());
  }

  @Test
  void whoEntersIsSeenByTheOthers() throws Exception {
    int number = one.enter("one", new MemberId("127.0.0.1:1", 11));
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    assertEquals(
        List.of(new Member(number, "one", "127.0.0.1:1", 11, "", State.STARTING, true)),
        others(two));
    assertTrue(one.up("http://localhost:80/"));
    var up = others(two).getFirst();
    assertTrue(up.serves());
    assertEquals("http://localhost:80/", up.url());
    assertTrue(one.leaving());
    assertFalse(others(two).getFirst().serves());
    one.leave();
    assertEquals(List.of(), others(two));
    assertEquals(Optional.empty(), one.look().self());
  }

  @Test
  void whoseConnectionEndsGivesNoSignOfLife() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    one.up("");
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    one.close();
    awaitSilence();
    assertTrue(one.look().self().orElseThrow().alive());
    assertTrue(others(two).getFirst().alive());
  }

  @Test
  void aBrokenConnectionIsReplacedAtTheNextLook() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    TestDatabase.query(address, END_CONNECTIONS);
    assertThrows(MembersAway.class, one::look);
    assertTrue(one.look().self().orElseThrow().alive());
  }

  @Test
  void aClusterBeginsWithOneOfAllWhoWouldBeginIt() throws Exception {
    var tables = IntStream.range(0, 6).mapToObj(_ -> new MemberTable(database)).toList();
    for (var table : tables) {
      table.enter("one of many", new MemberId("127.0.0.1:1", tables.indexOf(table)));
    }
    var begun =
        tables.stream()
            .map(
                table ->
                    later(() -> table.form(c -> c.others().stream().noneMatch(Member::serves))))
            .toList()
            .stream()
            .flatMap(each -> each.join().stream())
            .toList();
    assertEquals(1, begun.size());
    assertEquals(Optional.of(begun.getFirst()), tables.getFirst().look().incarnation());
    tables.forEach(MemberTable::close);
  }

  private static <T> CompletableFuture<T> later(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void aNewClusterLeavesNoMemberOfTheOldOne() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    UUID before = one.form(_ -> true).orElseThrow();
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    assertEquals(Optional.empty(), two.form(census -> census.others().isEmpty()));
    UUID after = two.form(_ -> true).orElseThrow();
    assertNotEquals(before, after);
    assertEquals(State.REMOVED, one.look().self().orElseThrow().state());
    assertFalse(one.up(""));
    assertEquals(List.of(), others(two));
  }

  @Test
  void onlyWhoGivesNoSignOfLifeCanBeBuried() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    one.up("");
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    assertFalse(two.bury(others(two).getFirst()));
    assertEquals(State.UP, others(two).getFirst().state());
    var silent = others(two).getFirst();
    one.close();
    awaitSilence();
    assertTrue(two.bury(silent));
    assertEquals(State.REMOVED, one.look().self().orElseThrow().state());
  }

  @Test
  void aLaterProcessAtTheSameAddressIsNotRemovedForTheEarlier() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    two.enter("two", new MemberId("127.0.0.1:1", 12));
    two.remove(new MemberId("127.0.0.1:1", 11));
    assertEquals(State.REMOVED, one.look().self().orElseThrow().state());
    assertEquals(State.STARTING, two.look().self().orElseThrow().state());
  }

  @Test
  void whoHasBeenRemovedRemovesNobody() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    two.remove(new MemberId("127.0.0.1:1", 11));
    one.remove(new MemberId("127.0.0.1:2", 22));
    assertEquals(State.STARTING, two.look().self().orElseThrow().state());
  }

  @Test
  void whoHasBeenRemovedBuriesNobody() throws Exception {
    one.enter("one", new MemberId("127.0.0.1:1", 11));
    two.enter("two", new MemberId("127.0.0.1:2", 22));
    two.up("");
    var third = new MemberTable(database);
    third.enter("third", new MemberId("127.0.0.1:3", 33));
    third.up("");
    third.close();
    var silent =
        others(two).stream().filter(member -> member.name().equals("third")).findFirst().get();
    Await.until(
        "the third is silent",
        () ->
            others(two).stream()
                .noneMatch(member -> member.id().equals(silent.id()) && member.alive()));
    one.remove(new MemberId("127.0.0.1:2", 22));
    assertFalse(two.bury(silent));
    assertTrue(one.bury(silent));
  }

  @Test
  void whoDiedWhileItStartedIsForgotten() throws Exception {
    int dead = one.enter("one", new MemberId("127.0.0.1:1", 11));
    one.close();
    var member = new MemberTable(database);
    try (var slow = new MemberTable(database)) {
      slow.enter("slow", new MemberId("127.0.0.1:3", 33));
      int gone = member.enter("member", new MemberId("127.0.0.1:4", 44));
      member.up("");
      member.close();
      two.enter("two", new MemberId("127.0.0.1:2", 22));
      Await.until(
          "two are left", () -> two.look().members().stream().filter(Member::alive).count() <= 2);
      assertTrue(numbers().containsAll(List.of(dead, gone)), "both have only just gone");
      TestDatabase.execute(address, "update member set since = since - interval '11 minutes'");
      two.enter("two again", new MemberId("127.0.0.1:2", 23));
      assertEquals(List.of("member", "slow", "two", "two again"), names());
    }
  }

  private List<Integer> numbers() throws MembersAway {
    return two.look().members().stream().map(Member::number).toList();
  }

  private List<String> names() throws MembersAway {
    return two.look().members().stream().map(Member::name).sorted().toList();
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsSaidToBeAwayInBoundedTime() throws Exception {
    try (var proxy = new TestProxy(address);
        var behind = new Database(proxy.address());
        var table = new MemberTable(behind)) {
      table.enter("one", new MemberId("127.0.0.1:1", 11));
      proxy.leave();
      long asked = System.nanoTime();
      assertThrows(MembersAway.class, table::look);
      assertThrows(MembersAway.class, table::look);
      assertTrue(System.nanoTime() - asked < 10_000_000_000L);
      proxy.comeBack();
      assertEquals("one", table.look().self().orElseThrow().name());
    }
  }
}
