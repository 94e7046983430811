package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every keeper of token buckets does. */
public interface BucketsContract {

  /** Five tokens, and no further one within this test. */
  RateRule ONE = new RateRule(1);

  /** All full; each call gives another node's view of the same. */
  Buckets buckets();

  @Test
  default void aBucketOfAllNodesIsOne() {
    var nodes = List.of(buckets(), buckets());
    assertEquals(3, done(nodes.get(0).take("a", 3, ONE)).granted());
    assertEquals(2, done(nodes.get(1).take("a", 3, ONE)).granted());
    var empty = done(nodes.get(0).take("a", 1, ONE));
    assertEquals(0, empty.granted());
    assertTrue(empty.again().toSeconds() > 30 && empty.again().toSeconds() <= 60);
    assertEquals(5, done(nodes.get(1).take("another's '; --", 9, ONE)).granted());
  }

  @Test
  default void nothingIsGivenTwice() {
    var nodes = List.of(buckets(), buckets(), buckets(), buckets());
    var grants =
        IntStream.range(0, 40)
            .mapToObj(i -> nodes.get(i % 4).take("a", 1, ONE))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    assertEquals(5, grants.stream().mapToInt(grant -> grant.join().granted()).sum());
  }

  @Test
  default void aChangedRateIsThatOfWhoeverAsks() {
    assertEquals(5, done(buckets().take("a", 9, ONE)).granted());
    var faster = done(buckets().take("a", 9, new RateRule(600_000)));
    assertTrue(faster.granted() <= 9);
    assertTrue(faster.again().toSeconds() < 1, "nobody waits for what an older rate took");
  }
}
