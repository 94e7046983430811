package clawster.pkghelper;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Keeps an audit readable, and its disk from being filled by whoever asks for much: what happens
 * again within a second of an entry is counted, and so is what happens more often than a minute has
 * entries for. Counts are entries in their turn, so that nothing is lost but the words. Each event
 * has entries of its own: who is refused often hides no change.
 */
final class Repetition {

  static final Duration AGAIN = Duration.ofSeconds(1);
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final int ENTRIES_A_MINUTE = 120;

  private static final class Count {
    final Instant since;
    int entries;
    int more;

    Count(Instant since) {
      this.since = since;
    }

    /** Also where the clock was set back. */
    boolean isOver(Duration length, Instant now) {
      return now.isBefore(since) || !now.isBefore(since.plus(length));
    }
  }

  private final Map<Entry, Count> lately = new LinkedHashMap<>();
  private final Map<String, Count> minutes = new HashMap<>();

  /** Whether it is to be written; it is counted otherwise. */
  boolean admits(Entry entry, Instant now) {
    var again = lately.get(entry);
    if (again != null) {
      again.more++;
      return false;
    }
    var minute = minutes.computeIfAbsent(entry.event(), _ -> new Count(now));
    if (minute.entries == ENTRIES_A_MINUTE) {
      minute.more++;
      return false;
    }
    minute.entries++;
    lately.put(entry, new Count(now));
    return true;
  }

  /** The counts whose time is over, each of them once; to be asked for before anything else. */
  List<Entry> due(Instant now) {
    return taken(AGAIN, MINUTE, now);
  }

  /** All of them, at the end. */
  List<Entry> rest(Instant now) {
    return taken(Duration.ZERO, Duration.ZERO, now);
  }

  private List<Entry> taken(Duration again, Duration minute, Instant now) {
    var counts = new ArrayList<Entry>();
    take(
        lately,
        count -> count.isOver(again, now),
        (entry, count) -> counts.add(repeated(entry, count.more)));
    take(
        minutes,
        count -> count.isOver(minute, now),
        (event, count) -> counts.add(Entry.of("left.out", "of", event, "times", "" + count.more)));
    return counts;
  }

  private interface Telling<K> {
    void tell(K of, Count count);
  }

  private static <K> void take(Map<K, Count> counts, Predicate<Count> isOver, Telling<K> telling) {
    for (Iterator<Map.Entry<K, Count>> all = counts.entrySet().iterator(); all.hasNext(); ) {
      var next = all.next();
      if (isOver.test(next.getValue())) {
        all.remove();
        if (next.getValue().more > 0) {
          telling.tell(next.getKey(), next.getValue());
        }
      }
    }
  }

  private static Entry repeated(Entry entry, int times) {
    var fields = new ArrayList<>(List.of("of", entry.event(), "times", String.valueOf(times)));
    fields.addAll(entry.fields());
    return new Entry("repeated", fields);
  }

  /** Whether something is counted that nobody has been told. */
  boolean isCounting() {
    return lately.values().stream().anyMatch(count -> count.more > 0)
        || minutes.values().stream().anyMatch(count -> count.more > 0);
  }
}
