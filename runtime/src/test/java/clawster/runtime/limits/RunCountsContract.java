package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.limits.RunCounts.Outcome;
import clawster.runtime.limits.RunCounts.Used;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every counter of runs does. */
public interface RunCountsContract {

  Quota TWO_AN_HOUR = new Quota(2, 0, 0);

  /** Without any; each call gives another node's view of the same. */
  RunCounts counts();

  private static Outcome.Counted counted(CompletionStage<Outcome> begun) {
    return assertInstanceOf(Outcome.Counted.class, done(begun));
  }

  private static Quota.UsedUp refused(CompletionStage<Outcome> begun) {
    return assertInstanceOf(Outcome.Refused.class, done(begun)).usedUp();
  }

  @Test
  default void noMoreThanSoManyBeginInTheWholeCluster() {
    var nodes = List.of(counts(), counts());
    counted(nodes.get(0).begin("a", TWO_AN_HOUR));
    counted(nodes.get(1).begin("a", TWO_AN_HOUR));
    for (var node : nodes) {
      var usedUp = refused(node.begin("a", TWO_AN_HOUR));
      assertEquals(Span.HOUR, usedUp.span());
      assertEquals(2, usedUp.most());
      assertTrue(usedUp.left().compareTo(Duration.ofMinutes(59)) > 0, usedUp.toString());
      assertTrue(usedUp.left().compareTo(Duration.ofMinutes(61)) <= 0, usedUp.toString());
    }
    counted(nodes.get(1).begin("b", TWO_AN_HOUR));
  }

  @Test
  default void thoseThatBeginAtTheSameMomentAreToldApart() {
    var nodes = List.of(counts(), counts(), counts());
    var begun =
        IntStream.range(0, 30)
            .mapToObj(i -> nodes.get(i % 3).begin("a", new Quota(0, 4, 0)))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    assertEquals(4, begun.stream().filter(o -> o.join() instanceof Outcome.Counted).count());
  }

  @Test
  default void whatIsRefusedIsNotCounted() {
    counted(counts().begin("a", TWO_AN_HOUR));
    counted(counts().begin("a", TWO_AN_HOUR));
    refused(counts().begin("a", TWO_AN_HOUR));
    counted(counts().begin("a", new Quota(3, 0, 0)));
    refused(counts().begin("a", new Quota(3, 0, 0)));
  }

  @Test
  default void oneThatIsTakenBackDoesNotCount() {
    var first = counted(counts().begin("a", TWO_AN_HOUR));
    counted(counts().begin("a", TWO_AN_HOUR));
    done(counts().takeBack("a", first.minute()));
    done(counts().takeBack("nobody", first.minute()));
    counted(counts().begin("a", TWO_AN_HOUR));
    refused(counts().begin("a", TWO_AN_HOUR));
  }

  @Test
  default void itIsKnownWhatEverybodyHasUsed() {
    assertEquals(new RunCounts.Usage(0, 0, List.of()), done(counts().usage(5)));
    var quota = new Quota(10, 10, 10);
    counted(counts().begin("b", quota));
    counted(counts().begin("a", quota));
    counted(counts().begin("a", quota));
    done(counts().takeBack("c", counted(counts().begin("c", quota)).minute()));
    var usage = done(counts().usage(5));
    assertEquals(3, usage.today());
    assertEquals(2, usage.callersToday());
    assertEquals(List.of(new Used("a", 2, 2, 2), new Used("b", 1, 1, 1)), usage.callers());
    assertEquals(1, done(counts().usage(1)).callers().size());
  }
}
