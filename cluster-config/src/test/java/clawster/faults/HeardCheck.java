package clawster.faults;

import clawster.faults.Defect.Kind;
import clawster.faults.Heard.Event;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What listeners heard, against the run logs: of each run, from the one on that they asked for,
 * every entry from the first on, once and in order, with the text that is stored. The last run may
 * be cut short, because a listener leaves.
 */
final class HeardCheck {

  private final Heard heard;
  private final Map<String, List<RunEntry>> logs;
  private final List<String> begun;
  private final List<Defect> defects = new ArrayList<>();

  private HeardCheck(Heard heard, Stored stored) {
    this.heard = heard;
    this.logs = stored.logs();
    this.begun = Runs.begun(stored.journals().getOrDefault(heard.session(), List.of()));
  }

  static List<Defect> check(List<Heard> heard, Stored stored) {
    var defects = new ArrayList<Defect>();
    for (var listener : heard) {
      var check = new HeardCheck(listener, stored);
      check.check();
      defects.addAll(check.defects);
    }
    return defects;
  }

  private void check() {
    var byRun = new LinkedHashMap<String, List<Event>>();
    heard.events().forEach(e -> byRun.computeIfAbsent(e.run(), _ -> new ArrayList<>()).add(e));
    var runs = List.copyOf(byRun.keySet());
    var later = begun.subList(Math.max(0, begun.indexOf(heard.from())), begun.size());
    var missed = later.stream().filter(run -> !runs.contains(run)).toList();
    missed.forEach(
        run ->
            found(
                "nothing of run %s, %s"
                    .formatted(run, isBeforeAny(later, run, runs) ? "but of later ones" : "yet")));
    if (missed.isEmpty() && !runs.equals(later)) {
      found("runs %s in the order %s".formatted(later, runs));
    }
    for (var run : runs) {
      boolean last = run.equals(runs.getLast());
      run(run, byRun.get(run), last);
    }
  }

  private static boolean isBeforeAny(List<String> all, String run, List<String> heard) {
    return all.subList(all.indexOf(run), all.size()).stream().anyMatch(heard::contains);
  }

  private void run(String run, List<Event> events, boolean last) {
    var seqs = events.stream().map(Event::seq).toList();
    var log = logs.getOrDefault(run, List.of());
    var dense = new ArrayList<Long>();
    for (long seq = 1; seq <= (last ? events.size() : log.size()); seq++) {
      dense.add(seq);
    }
    if (!seqs.equals(dense)) {
      found("of run %s, which has %d entries: %s".formatted(run, log.size(), seqs));
      return;
    }
    var texts = new HashMap<Long, String>();
    log.forEach(entry -> texts.put(entry.seq(), text(entry.word())));
    for (var event : events) {
      if (!event.text().equals(texts.get(event.seq()))) {
        found(
            "%s-%d as <%s> instead of <%s>"
                .formatted(run, event.seq(), event.text(), texts.get(event.seq())));
      }
    }
  }

  /** As {@link Event#text}. */
  private static String text(RunWord word) {
    return switch (word) {
      case RunWord.Text(String text) -> text;
      case RunWord.Reasoning(String text) -> text;
      default -> "";
    };
  }

  private void found(String what) {
    defects.add(new Defect(Kind.EVENTS, "a listener of " + heard.session() + " heard " + what));
  }
}
