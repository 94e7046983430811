package clawster.runtime.audit;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The entries of one process. */
public final class InMemoryAuditLog implements AuditLog {

  private record Row(AuditEntry entry, boolean settled) {

    AuditEntry shown() {
      return settled ? entry : entry.with(AuditEntry.OUTCOME, "unknown");
    }
  }

  private final Map<UUID, Row> rows = new LinkedHashMap<>();
  private boolean away;

  /** Takes and answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
  }

  private CompletionStage<Void> change(Runnable change) {
    if (away) {
      return CompletableFuture.failedStage(new IllegalStateException("away"));
    }
    change.run();
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<Void> intend(AuditEntry entry) {
    return change(() -> rows.put(entry.id(), new Row(entry, false)));
  }

  @Override
  public synchronized CompletionStage<Void> settle(UUID id) {
    return change(() -> rows.computeIfPresent(id, (_, row) -> new Row(row.entry(), true)));
  }

  @Override
  public synchronized CompletionStage<Void> withdraw(UUID id) {
    return change(() -> rows.computeIfPresent(id, (_, row) -> row.settled() ? row : null));
  }

  @Override
  public synchronized CompletionStage<Void> put(List<AuditEntry> entries) {
    return change(() -> entries.forEach(entry -> rows.put(entry.id(), new Row(entry, true))));
  }

  @Override
  public synchronized CompletionStage<Page> list(Query query) {
    var found =
        rows.values().stream().map(Row::shown).filter(entry -> matches(query, entry)).toList();
    var page =
        found.stream()
            .sorted(
                Comparator.comparing(AuditEntry::at)
                    .thenComparing(entry -> entry.id().toString())
                    .reversed())
            .skip(query.offset())
            .limit(query.limit())
            .toList();
    return CompletableFuture.completedStage(new Page(page, found.size()));
  }

  private static boolean matches(Query query, AuditEntry entry) {
    return matches(query.actorType(), Optional.of(entry.actor().type()))
        && matches(query.actorId(), Optional.of(entry.actor().id()))
        && matches(query.action(), Optional.of(entry.action()))
        && matches(query.entityType(), Optional.of(entry.entityType()))
        && matches(query.entityId(), entry.entityId());
  }

  private static boolean matches(Optional<String> wanted, Optional<String> there) {
    return wanted.isEmpty() || wanted.equals(there);
  }
}
