package clawster.persistence.writer;

import clawster.runtime.runs.RunId;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that one batch says of a noted run.
 *
 * @param gone callers that do not wait for it any more
 */
record RunMark(RunId run, boolean settled, int gone, boolean delivered) {

  /** In one order in every batch of every node, so that no two batches wait for each other. */
  static List<RunMark> of(List<RunId> settled, List<Batch.Mark> marks) {
    var byRun = new TreeMap<RunId, RunMark>();
    Stream.concat(
            settled.stream().map(run -> new RunMark(run, true, 0, false)),
            marks.stream()
                .map(
                    mark ->
                        new RunMark(mark.run(), false, mark.counted() ? 0 : 1, mark.delivered())))
        .forEach(mark -> byRun.merge(mark.run(), mark, RunMark::and));
    return List.copyOf(byRun.values());
  }

  private RunMark and(RunMark other) {
    return new RunMark(
        run, settled || other.settled, gone + other.gone, delivered || other.delivered);
  }
}
