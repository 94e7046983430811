package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.limits.GuessCounts.LockedAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every counter of guesses does. */
public interface GuessCountsContract {

  GuessRule LOCKING = new GuessRule(true);

  /** Without any guess; each call gives another node's view of the same. */
  GuessCounts counts();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static boolean isAbout(Duration expected, Duration actual) {
    return actual.compareTo(expected) <= 0
        && actual.compareTo(expected.minus(Duration.ofSeconds(20))) > 0;
  }

  @Test
  default void guessesOfAllNodesShareOneBudget() {
    var nodes = List.of(counts(), counts(), counts());
    for (int i = 0; i < 9; i++) {
      var tally = done(nodes.get(i % 3).wrong("203.0.113.9", LOCKING));
      assertEquals(new GuessCounts.Tally(Verdict.OPEN, Verdict.OPEN), tally);
    }
    assertEquals(List.of(), done(nodes.get(1).locked(10)));
    var tenth = done(nodes.getFirst().wrong("203.0.113.9", LOCKING));
    assertEquals(Verdict.OPEN, tenth.before());
    assertTrue(isAbout(GuessRule.LOCK, ((Verdict.Locked) tenth.after()).left()));
    assertInstanceOf(
        Verdict.Locked.class, done(nodes.get(1).wrong("203.0.113.9", LOCKING)).before());
    var locked = done(nodes.get(2).locked(10));
    assertEquals(List.of("203.0.113.9"), locked.stream().map(LockedAddress::address).toList());
    assertTrue(isAbout(GuessRule.LOCK, locked.getFirst().left()));
  }

  @Test
  default void guessesAtTheSameMomentAreAllCounted() {
    var nodes = List.of(counts(), counts());
    var tallies =
        IntStream.range(0, 30)
            .mapToObj(i -> nodes.get(i % 2).wrong("2001:db8:0:0::/64", LOCKING))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    CompletableFuture.allOf(tallies.toArray(CompletableFuture[]::new)).join();
    assertEquals(
        10, tallies.stream().filter(tally -> tally.join().before().equals(Verdict.OPEN)).count());
  }

  @Test
  default void addressesAreCountedEachForItself() {
    for (int i = 0; i < 10; i++) {
      done(counts().wrong("203.0.113.9", LOCKING));
    }
    assertEquals(Verdict.OPEN, done(counts().wrong("203.0.113.8", LOCKING)).before());
    var local = new GuessRule(false);
    var last = Verdict.OPEN;
    for (int i = 0; i < 11; i++) {
      last = done(counts().wrong("loopback", local)).after();
    }
    assertEquals(new Verdict.Delayed(Duration.ofMillis(500)), last);
    assertEquals(1, done(counts().locked(10)).size());
  }

  @Test
  default void onlySoManyLockedAddressesAreTold() {
    for (int address = 0; address < 4; address++) {
      for (int i = 0; i < 10; i++) {
        done(counts().wrong("203.0.113." + address, LOCKING));
      }
    }
    assertEquals(4, done(counts().locked(10)).size());
    assertEquals(3, done(counts().locked(3)).size());
  }
}
