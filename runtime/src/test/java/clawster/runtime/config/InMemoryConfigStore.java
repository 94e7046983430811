package clawster.runtime.config;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.InMemoryAuditLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Versions of one process. */
public final class InMemoryConfigStore implements ConfigStore {

  private final TreeMap<Long, Stored> all = new TreeMap<>();
  private final InMemoryAuditLog audit;
  private boolean away;

  public InMemoryConfigStore(InMemoryAuditLog audit) {
    this.audit = audit;
  }

  public InMemoryConfigStore() {
    this(new InMemoryAuditLog());
  }

  /** Answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
  }

  /** As another version of this program would write it. */
  public synchronized void put(long number, Map<String, Object> plain, boolean good) {
    all.put(number, new Stored(number, plain, good));
  }

  private <T> CompletionStage<T> answer(T value) {
    return away
        ? CompletableFuture.failedStage(new IllegalStateException("away"))
        : CompletableFuture.completedStage(value);
  }

  @Override
  public synchronized CompletionStage<List<Stored>> newest(int most) {
    return answer(all.descendingMap().values().stream().limit(most).toList());
  }

  private long last() {
    return all.isEmpty() ? 0 : all.lastKey();
  }

  @Override
  public synchronized CompletionStage<Long> latest() {
    return answer(last());
  }

  @Override
  public synchronized CompletionStage<Boolean> add(ConfigVersion next, AuditEntry entry) {
    if (away || last() != next.number() - 1) {
      return answer(false);
    }
    put(next.number(), next.document().plain(), false);
    audit.put(List.of(entry));
    long good =
        all.values().stream().filter(Stored::good).mapToLong(Stored::number).max().orElse(0);
    all.keySet().removeIf(number -> number <= next.number() - KEPT && number < good);
    return answer(true);
  }

  @Override
  public synchronized CompletionStage<Void> good(long number) {
    all.computeIfPresent(number, (_, stored) -> new Stored(number, stored.plain(), true));
    return answer(null);
  }
}
