package clawster.persistence.writer;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Remembers what listeners were shown, by run and in that order. */
final class Shown implements Consumer<Map<RunId, List<RunEntry>>> {

  private final Map<RunId, List<RunEntry>> entries = new ConcurrentHashMap<>();

  @Override
  public void accept(Map<RunId, List<RunEntry>> committed) {
    committed.forEach(
        (run, some) ->
            entries.merge(
                run,
                List.copyOf(some),
                (before, more) -> {
                  var all = new ArrayList<>(before);
                  all.addAll(more);
                  return List.copyOf(all);
                }));
  }

  List<RunEntry> of(RunId run) {
    return entries.getOrDefault(run, List.of());
  }
}
