package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Ids;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every counter of open answers does. */
public interface AnswerCountsContract {

  /** Without any; each call gives another node's view of the same. */
  AnswerCounts counts();

  @Test
  default void noMoreThanSoManyAreOpenInTheWholeCluster() {
    var nodes = List.of(counts(), counts());
    var first = Ids.next();
    assertTrue(done(nodes.get(0).begin(first, "a", 2)));
    assertTrue(done(nodes.get(1).begin(Ids.next(), "a", 2)));
    assertFalse(done(nodes.get(0).begin(Ids.next(), "a", 2)));
    assertFalse(done(nodes.get(1).begin(Ids.next(), "a", 2)));
    assertTrue(done(nodes.get(1).begin(Ids.next(), "b", 2)));
    done(nodes.get(1).end(Set.of(first, Ids.next())));
    assertTrue(done(nodes.get(1).begin(Ids.next(), "a", 2)));
    assertFalse(done(nodes.get(0).begin(Ids.next(), "a", 2)));
  }

  @Test
  default void thoseThatBeginAtTheSameMomentAreToldApart() {
    var nodes = List.of(counts(), counts(), counts());
    var begun =
        IntStream.range(0, 30)
            .mapToObj(i -> nodes.get(i % 3).begin(Ids.next(), "a", 4))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    assertEquals(4, begun.stream().filter(one -> one.join()).count());
  }

  @Test
  default void whatBeginsTwiceCountsOnce() {
    var nodes = List.of(counts(), counts());
    var run = Ids.next();
    assertTrue(done(nodes.get(0).begin(run, "a", 1)));
    assertTrue(done(nodes.get(1).begin(run, "a", 1)));
    assertFalse(done(nodes.get(1).begin(Ids.next(), "a", 1)));
    assertTrue(done(nodes.get(1).begin(Ids.next(), "a", 2)));
    assertFalse(done(nodes.get(0).begin(Ids.next(), "a", 2)));
  }

  @Test
  default void whatGoesOnCountsAlsoIfItWasForgotten() {
    done(counts().goOn(Map.of(Ids.next(), "a", Ids.next(), "a")));
    assertFalse(done(counts().begin(Ids.next(), "a", 2)));
    assertTrue(done(counts().begin(Ids.next(), "a", 3)));
  }
}
