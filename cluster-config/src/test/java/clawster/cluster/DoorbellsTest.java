package clawster.cluster;

import static clawster.cluster.Some.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.cluster.Doorbell.Answer;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class DoorbellsTest {

  private static final Member MEMBER = member(2, State.UP, false);

  private final List<Runnable> rings = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private Answer there = Answer.HOME;
  private long now;
  private final Doorbells doorbells =
      new Doorbells(_ -> there, rings::add, () -> told.add("gone"), () -> now);

  private void ring() {
    rings.removeFirst().run();
  }

  @Test
  void whoAsksGetsTheAnswerOfTheTimeBefore() {
    assertEquals(Answer.UNKNOWN, doorbells.answer(MEMBER));
    ring();
    assertEquals(Answer.HOME, doorbells.answer(MEMBER));
    there = Answer.GONE;
    ring();
    assertEquals(Answer.GONE, doorbells.answer(MEMBER));
    assertEquals(List.of("gone"), told);
    assertEquals(List.of(), rings, "the dead are not rung for again");
  }

  @Test
  void oneBellRingsOnceAtATime() {
    doorbells.answer(MEMBER);
    doorbells.answer(MEMBER);
    doorbells.answer(member(3, State.UP, false));
    assertEquals(2, rings.size());
  }

  @Test
  void anAnswerIsForgottenWhenItIsOld() {
    there = Answer.GONE;
    doorbells.answer(MEMBER);
    ring();
    now += Doorbells.FRESH.toNanos() - 1;
    assertEquals(Answer.GONE, doorbells.answer(MEMBER));
    now++;
    assertEquals(Answer.UNKNOWN, doorbells.answer(MEMBER));
    assertEquals(1, rings.size());
  }

  @Test
  void whoCannotBeRungForNowIsRungForLater() {
    var full =
        new Doorbells(
            _ -> Answer.GONE,
            _ -> {
              told.add("full");
              throw new RejectedExecutionException();
            },
            () -> {},
            () -> now);
    assertEquals(Answer.UNKNOWN, full.answer(MEMBER));
    assertEquals(Answer.UNKNOWN, full.answer(MEMBER));
    assertEquals(List.of("full", "full"), told);
  }

  @Test
  void aBellThatFailsIsRungAgain() {
    var failing =
        new Doorbells(
            _ -> {
              throw new IllegalArgumentException();
            },
            work -> {
              told.add("rung");
              try {
                work.run();
              } catch (IllegalArgumentException _) {
                // As in a thread of its own.
              }
            },
            () -> {},
            () -> now);
    failing.answer(MEMBER);
    failing.answer(MEMBER);
    assertEquals(List.of("rung", "rung"), told);
  }

  @Test
  void aSlowResolverKeepsNobody() throws InterruptedException {
    var found = new CountDownLatch(1);
    var heard = new CountDownLatch(1);
    var slow =
        Doorbells.create(
            _ -> {
              await(found);
              return Answer.GONE;
            },
            heard::countDown);
    for (int i = 0; i < 100; i++) {
      assertEquals(Answer.UNKNOWN, slow.answer(member(i, State.UP, false)));
    }
    found.countDown();
    heard.await();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
