package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.MembersAway;
import clawster.persistence.members.Sight;
import clawster.persistence.members.Splits;
import clawster.stories.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SplitResolverTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private static final MemberId A = new MemberId("a:1", 1);
  private static final MemberId B = new MemberId("b:1", 2);
  private static final MemberId C = new MemberId("c:1", 3);

  private static final Sides WHOLE = new Sides(A, Set.of(A, B, C), Set.of());
  private static final Sides MOST = new Sides(A, Set.of(A, B), Set.of(C));
  private static final Sides ALONE = new Sides(A, Set.of(A), Set.of(B, C));
  private static final Sight BUSY = new Sight(true, Set.of(A, B, C), Set.of(A));

  private volatile Sides heard = WHOLE;
  private final Table table = new Table();
  private final ConcurrentLinkedQueue<Set<MemberId>> putOut = new ConcurrentLinkedQueue<>();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** A table of members that answers as it is told. */
  private static final class Table implements Splits {

    private volatile Sight sight = BUSY;
    private volatile boolean away;
    private volatile long lastAway;
    private volatile long removedAt;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final ConcurrentLinkedQueue<Set<MemberId>> removed = new ConcurrentLinkedQueue<>();

    @Override
    public Sight look() throws MembersAway {
      looks.incrementAndGet();
      if (away) {
        lastAway = System.nanoTime();
        throw new MembersAway(new SQLException("away"));
      }
      return sight;
    }

    @Override
    public boolean remove(Collection<MemberId> members) {
      removedAt = System.nanoTime();
      removed.add(Set.copyOf(members));
      return sight.isMember();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private ActorRef<SplitResolver.Message> resolver(int stableMillis) {
    var timings =
        new SplitResolver.Timings(
            Duration.ofMillis(stableMillis), Duration.ofSeconds(2), Duration.ofMillis(700));
    return KIT.spawn(
        SplitResolver.create(
            () -> new SplitResolver.Ears(() -> heard, putOut::add), () -> table, timings));
  }

  private void awaitLooks(int more) {
    int least = table.looks.get() + more;
    Await.until("it is asked", () -> table.looks.get() >= least);
  }

  @Test
  void whoIsNotHeardForAWhileIsPutOut() {
    var resolver = resolver(100);
    heard = MOST;
    Await.until("it is decided", () -> !putOut.isEmpty());
    assertEquals(Set.of(C), putOut.peek());
    assertEquals(Set.of(C), table.removed.peek());
    heard = WHOLE;
    Await.until("nothing is asked any more", () -> table.closed.get() >= 1);
    KIT.stop(resolver);
  }

  @Test
  void whatChangesIsNotDecidedUntilItHasGoneOnForLong() {
    long began = System.nanoTime();
    var resolver = resolver(60_000);
    heard = MOST;
    Await.until("it is decided", () -> !putOut.isEmpty());
    assertTrue(System.nanoTime() - began >= Duration.ofSeconds(2).toNanos());
    KIT.stop(resolver);
  }

  @Test
  void whoAloneSeesASplitPutsOutItselfAndAsksNoMore() {
    var resolver = resolver(100);
    heard = ALONE;
    KIT.createTestProbe().expectTerminated(resolver, Duration.ofSeconds(10));
    assertEquals(List.of(Set.of(A)), List.copyOf(table.removed));
    assertTrue(putOut.isEmpty());
    Await.until("the others see that it asks no more", () -> table.closed.get() >= 1);
  }

  @Test
  void whoIsOutPutsOutNobody() {
    table.sight = new Sight(false, Set.of(A, B, C), Set.of());
    var resolver = resolver(100);
    heard = MOST;
    KIT.createTestProbe().expectTerminated(resolver, Duration.ofSeconds(10));
    assertTrue(table.removed.isEmpty() && putOut.isEmpty());
  }

  @Test
  void whileTheDatabaseIsAwayItIsAskedAgain() {
    table.away = true;
    var resolver = resolver(100);
    heard = MOST;
    awaitLooks(3);
    assertTrue(table.removed.isEmpty());
    table.away = false;
    Await.until("it is decided", () -> !putOut.isEmpty());
    KIT.stop(resolver);
  }

  /** The others need a moment to be seen again, however long nobody was. */
  @Test
  void whatWasAskedInVainDoesNotCount() {
    table.away = true;
    table.sight = new Sight(true, Set.of(A), Set.of(A));
    var resolver = resolver(100);
    heard = ALONE;
    awaitLooks(6);
    table.away = false;
    Await.until("it is decided", () -> !putOut.isEmpty());
    assertTrue(table.removedAt - table.lastAway >= Split.MEMORY.toNanos(), "it had hardly looked");
    KIT.stop(resolver);
  }
}
