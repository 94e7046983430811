package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.kernel.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two nodes over the same counts. */
final class LockoutTest {

  private static final ClientAddress MALLORY = new ClientAddress("203.0.113.9", false);
  private static final ClientAddress ALICE = new ClientAddress("203.0.113.8", false);

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryGuessCounts counts = new InMemoryGuessCounts(clock);
  private final Lockout one = new Lockout(counts, "here", () -> false, clock);
  private final Lockout other = new Lockout(counts, "there", () -> false, clock);

  private static void guess(int times, ClientAddress address, Lockout... nodes) {
    for (int i = 0; i < times; i++) {
      assertEquals(Verdict.OPEN, done(nodes[i % nodes.length].wrong(address)), "guess " + i);
    }
  }

  @Test
  void whoNeverGuessedIsNotLookedUp() {
    assertEquals(Verdict.OPEN, one.verdict(ALICE));
    assertEquals(0, counts.asked());
  }

  @Test
  void guessesThatAreSpreadLockAtBothNodes() {
    guess(10, MALLORY, one, other);
    assertInstanceOf(Verdict.Locked.class, other.verdict(MALLORY), "it counted the tenth");
    assertEquals(Verdict.OPEN, one.verdict(MALLORY), "it has not heard of it");
    assertInstanceOf(Verdict.Locked.class, done(one.wrong(MALLORY)), "but no guess gets through");
    done(one.refresh());
    assertInstanceOf(Verdict.Locked.class, one.verdict(MALLORY));
    assertEquals(Verdict.OPEN, one.verdict(ALICE));
  }

  @Test
  void whatComesFromALockedAddressCostsNothing() {
    guess(10, MALLORY, one);
    int asked = counts.asked();
    for (int i = 0; i < 100; i++) {
      assertInstanceOf(Verdict.Locked.class, done(one.wrong(MALLORY)));
    }
    assertEquals(asked, counts.asked());
  }

  @Test
  void aLockEndsByItselfAtEachNode() {
    guess(10, MALLORY, one);
    done(other.refresh());
    clock.passes(GuessRule.LOCK.minusSeconds(1));
    for (var node : List.of(one, other)) {
      assertEquals(new Verdict.Locked(Duration.ofSeconds(1)), node.verdict(MALLORY));
    }
    clock.passes(Duration.ofSeconds(1));
    for (var node : List.of(one, other)) {
      assertEquals(Verdict.OPEN, node.verdict(MALLORY));
    }
    guess(9, MALLORY, one, other);
  }

  @Test
  void thisMachineIsDelayedAndNotLocked() {
    guess(9, ClientAddress.LOCAL, one);
    assertEquals(new Verdict.Delayed(Duration.ofMillis(250)), done(one.wrong(ClientAddress.LOCAL)));
    assertEquals(new Verdict.Delayed(Duration.ofMillis(500)), done(one.wrong(ClientAddress.LOCAL)));
    done(one.refresh());
    assertEquals(
        Verdict.OPEN, new Lockout(counts, "here", () -> false, clock).verdict(ClientAddress.LOCAL));
  }

  @Test
  void theNodesOfOneMachineShareItsLoopback() {
    var beside = new Lockout(counts, "here", () -> false, clock);
    guess(9, ClientAddress.LOCAL, one, beside);
    for (var node : List.of(beside, one)) {
      assertInstanceOf(Verdict.Delayed.class, done(node.wrong(ClientAddress.LOCAL)));
    }
  }

  @Test
  void whoIsLockedNoMoreWaitsInstead() {
    var strict = new AtomicBoolean(true);
    var node = new Lockout(counts, "here", strict::get, clock);
    guess(10, ClientAddress.LOCAL, node);
    assertInstanceOf(Verdict.Locked.class, node.verdict(ClientAddress.LOCAL));
    strict.set(false);
    assertInstanceOf(Verdict.Delayed.class, node.verdict(ClientAddress.LOCAL));
    assertInstanceOf(Verdict.Delayed.class, done(node.wrong(ClientAddress.LOCAL)));
  }

  /** What is guessed on one machine is no reason to keep another one's callers waiting. */
  @Test
  void eachMachineHasALoopbackOfItsOwn() {
    var strict = new AtomicBoolean();
    var here = new Lockout(counts, "here", strict::get, clock);
    var there = new Lockout(counts, "there", strict::get, clock);
    guess(9, ClientAddress.LOCAL, here);
    assertInstanceOf(Verdict.Delayed.class, done(here.wrong(ClientAddress.LOCAL)));
    assertEquals(Verdict.OPEN, done(there.wrong(ClientAddress.LOCAL)));
    strict.set(true);
    done(here.wrong(ClientAddress.LOCAL));
    assertInstanceOf(Verdict.Locked.class, here.verdict(ClientAddress.LOCAL));
    done(there.refresh());
    assertEquals(Verdict.OPEN, there.verdict(ClientAddress.LOCAL));
  }

  @Test
  void whileGuessesCannotBeSharedEachNodeCountsForItself() {
    counts.away(true);
    guess(10, MALLORY, one);
    assertInstanceOf(Verdict.Locked.class, one.verdict(MALLORY));
    assertInstanceOf(Verdict.Locked.class, done(one.wrong(MALLORY)));
    guess(10, MALLORY, other);
    assertInstanceOf(Verdict.Locked.class, other.verdict(MALLORY));
    assertThrows(CompletionException.class, () -> done(one.refresh()));
  }

  @Test
  void aLockIsRememberedWhileNothingCanBeLearned() {
    guess(10, MALLORY, one);
    done(other.refresh());
    counts.away(true);
    assertThrows(CompletionException.class, () -> done(other.refresh()));
    assertInstanceOf(Verdict.Locked.class, other.verdict(MALLORY));
  }

  /** Guessing from everywhere at once must not fill the database's queue. */
  @Test
  void onlySomeGuessesAreCountedAtOnce() {
    var answers = new java.util.ArrayList<CompletableFuture<GuessCounts.Tally>>();
    var slow =
        new GuessCounts() {
          @Override
          public CompletionStage<Tally> wrong(String address, GuessRule rule) {
            answers.add(new CompletableFuture<>());
            return answers.getLast();
          }

          @Override
          public CompletionStage<List<LockedAddress>> locked(int most) {
            return CompletableFuture.completedStage(List.of());
          }
        };
    var node = new Lockout(slow, "here", () -> false, clock);
    var verdicts = new java.util.ArrayList<CompletableFuture<Verdict>>();
    for (int i = 0; i < 100; i++) {
      verdicts.add(node.wrong(new ClientAddress("10.0.0." + i, false)).toCompletableFuture());
    }
    assertEquals(32, answers.size());
    assertEquals(68, verdicts.stream().filter(CompletableFuture::isDone).count());
    assertInstanceOf(Verdict.Locked.class, verdicts.getLast().join());
    answers.forEach(a -> a.complete(new GuessCounts.Tally(Verdict.OPEN, Verdict.OPEN)));
    assertEquals(Verdict.OPEN, verdicts.getFirst().join());
    node.wrong(MALLORY);
    assertEquals(33, answers.size());
  }
}
