package clawster.persistence.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.runs.RunId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RunMarkTest {

  private final List<RunId> runs =
      IntStream.range(0, 4).mapToObj(_ -> RunId.next()).sorted().toList();

  private static Batch.Mark mark(RunId run, boolean delivered) {
    return new Batch.Mark(run, delivered, false, new CompletableFuture<>());
  }

  @Test
  void whatIsSaidOfARunIsSaidAtOnce() {
    var run = runs.getFirst();
    var marks = List.of(mark(run, false), mark(run, true), mark(run, false));
    assertEquals(List.of(new RunMark(run, true, 3, true)), RunMark.of(List.of(run, run), marks));
  }

  @Test
  void marksComeInTheOrderOfTheirRuns() {
    var marks = List.of(mark(runs.get(2), false), mark(runs.get(0), false));
    assertEquals(
        runs,
        RunMark.of(List.of(runs.get(3), runs.get(1)), marks).stream().map(RunMark::run).toList());
  }
}
