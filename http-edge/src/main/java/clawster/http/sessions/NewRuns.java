package clawster.http.sessions;

import clawster.runtime.runs.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which runs a listener has not been told of. Where to look on from moves with what the directory
 * says alone: a ring may overtake the runs before its own. What the directory says may not have
 * begun yet, and begins with a ring.
 */
final class NewRuns {

  private static final int REMEMBERED = 256;

  private Optional<RunId> last;

  /** Those that were told, and whether they have rung since. */
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
  synchronized Optional<RunId> last() {
    return last;
  }

  /** What is new of the runs found after {@link #last} and the one that rang, oldest first. */
  synchronized List<RunId> of(List<RunId> found, Optional<RunId> rung) {
    rung.ifPresent(run -> told.computeIfPresent(run, (_, _) -> true));
    var fresh =
        Stream.concat(found.stream(), rung.stream())
            .distinct()
            .sorted()
            .filter(run -> told.putIfAbsent(run, false) == null)
            .toList();
    found.stream()
        .max(RunId::compareTo)
        .filter(run -> last.isEmpty() || run.compareTo(last.get()) > 0)
        .ifPresent(run -> last = Optional.of(run));
    return fresh;
  }

  /**
   * There was nothing to tell of this run: should it begin after all, its ring counts.
   *
   * @return false if it has rung meanwhile, and there is something to tell by now
   */
  synchronized boolean forget(RunId run) {
    if (told.getOrDefault(run, false)) {
      told.put(run, false);
      return false;
    }
    told.remove(run);
    return true;
  }
}
