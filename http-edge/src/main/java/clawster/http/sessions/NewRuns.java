package clawster.http.sessions;

import clawster.runtime.runs.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which runs a listener has not been told of. Where to look on from moves with what the directory
 * says alone: a ring may overtake the runs before its own.
 */
final class NewRuns {

  private static final int REMEMBERED = 256;

  private Optional<RunId> last;
  private final Map<RunId, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  NewRuns(Optional<RunId> last) {
    this.last = last;
  }

  /** The newest run the directory told of. */
  Optional<RunId> last() {
    return last;
  }

  /** What is new of the runs found after {@link #last} and the one that rang, oldest first. */
  List<RunId> of(List<RunId> found, Optional<RunId> rung) {
    var fresh =
        Stream.concat(found.stream(), rung.stream())
            .distinct()
            .sorted()
            .filter(run -> told.put(run, true) == null)
            .toList();
    found.stream()
        .max(RunId::compareTo)
        .filter(run -> last.isEmpty() || run.compareTo(last.get()) > 0)
        .ifPresent(run -> last = Optional.of(run));
    return fresh;
  }
}
