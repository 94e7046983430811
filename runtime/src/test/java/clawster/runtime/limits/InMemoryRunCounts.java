package clawster.runtime.limits;

import clawster.runtime.limits.Quota.Minute;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs of one process. */
public final class InMemoryRunCounts implements RunCounts {

  private final Clock clock;
  private final Map<String, NavigableMap<Instant, Integer>> all = new HashMap<>();
  private boolean away;

  public InMemoryRunCounts(Clock clock) {
    this.clock = clock;
  }

  /** Answers nothing from now on. */
  public synchronized void away() {
    away = true;
  }

  @Override
  public synchronized CompletionStage<Outcome> begin(String name, Quota quota) {
    if (away) {
      return CompletableFuture.failedStage(new IllegalStateException("away"));
    }
    var now = clock.instant();
    var mine = all.computeIfAbsent(name, _ -> new TreeMap<>());
    var minutes =
        mine.descendingMap().entrySet().stream()
            .map(entry -> new Minute(entry.getKey(), entry.getValue()))
            .toList();
    var usedUp = quota.usedUp(minutes, now);
    if (usedUp.isPresent()) {
      return CompletableFuture.completedStage(new Outcome.Refused(usedUp.get()));
    }
    var minute = now.truncatedTo(ChronoUnit.MINUTES);
    mine.merge(minute, 1, Integer::sum);
    return CompletableFuture.completedStage(new Outcome.Counted(minute));
  }

  @Override
  public synchronized CompletionStage<Void> takeBack(String name, Instant minute) {
    all.getOrDefault(name, new TreeMap<>()).computeIfPresent(minute, (_, runs) -> runs - 1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<Usage> usage(int most) {
    var now = clock.instant();
    var callers =
        all.entrySet().stream()
            .map(entry -> used(entry.getKey(), entry.getValue(), now))
            .filter(used -> used.week() > 0)
            .sorted(Comparator.comparingLong(Used::week).reversed().thenComparing(Used::name))
            .limit(most)
            .toList();
    var midnight = now.truncatedTo(ChronoUnit.DAYS);
    List<Long> today =
        all.values().stream()
            .map(minutes -> sum(minutes.tailMap(midnight, true)))
            .filter(runs -> runs > 0)
            .toList();
    return CompletableFuture.completedStage(
        new Usage(today.stream().mapToLong(Long::longValue).sum(), today.size(), callers));
  }

  private static Used used(String name, NavigableMap<Instant, Integer> minutes, Instant now) {
    return new Used(
        name,
        sum(minutes.tailMap(Quota.begin(Span.HOUR, now), false)),
        sum(minutes.tailMap(Quota.begin(Span.DAY, now), false)),
        sum(minutes.tailMap(Quota.begin(Span.WEEK, now), false)));
  }

  private static long sum(Map<Instant, Integer> minutes) {
    return minutes.values().stream().mapToLong(Integer::longValue).sum();
  }
}
