package clawster.runtime.identity;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.InMemoryAuditLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Keys of one process; counts what it is asked for. */
public final class InMemoryApiKeys implements ApiKeys {

  private record Kept(ApiKey key, String hash) {}

  private final List<Kept> all = new ArrayList<>();
  private final InMemoryAuditLog audit;
  private long revision;
  private int lookups;
  private boolean away;
  private int answersLeft = Integer.MAX_VALUE;

  public InMemoryApiKeys() {
    this(new InMemoryAuditLog());
  }

  public InMemoryApiKeys(InMemoryAuditLog audit) {
    this.audit = audit;
  }

  /** Answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
    answersLeft = Integer.MAX_VALUE;
  }

  /** Answers so often, and nothing then. */
  public synchronized void awayAfter(int answers) {
    answersLeft = answers;
  }

  public synchronized int lookups() {
    return lookups;
  }

  private <T> CompletionStage<T> answer(T value) {
    return away || answersLeft-- <= 0
        ? CompletableFuture.failedStage(new IllegalStateException("away"))
        : CompletableFuture.completedStage(value);
  }

  @Override
  public synchronized CompletionStage<Void> add(ApiKey key, KeySecret secret, AuditEntry entry) {
    all.add(new Kept(key, secret.hash()));
    audit.put(List.of(entry));
    revision++;
    return answer(null);
  }

  /** Where it does not matter who made it. */
  public CompletionStage<Void> add(ApiKey key, KeySecret secret) {
    return add(key, secret, ApiKeysContract.entry(Action.API_KEY_CREATED, key.id()));
  }

  @Override
  public synchronized CompletionStage<Optional<ApiKey>> find(KeySecret secret) {
    lookups++;
    return answer(
        all.stream().filter(k -> k.hash().equals(secret.hash())).map(Kept::key).findFirst());
  }

  @Override
  public synchronized CompletionStage<Optional<ApiKey>> find(UUID id) {
    return answer(all.stream().map(Kept::key).filter(k -> k.id().equals(id)).findFirst());
  }

  @Override
  public synchronized CompletionStage<List<ApiKey>> list(int limit, int offset) {
    return answer(
        all.stream()
            .map(Kept::key)
            .sorted(Comparator.comparing(ApiKey::created).reversed().thenComparing(ApiKey::id))
            .skip(offset)
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Boolean> revoke(UUID id, Instant at, AuditEntry entry) {
    revision++;
    if (all.stream().anyMatch(k -> k.key().id().equals(id) && k.key().revoked().isEmpty())) {
      audit.put(List.of(entry));
    }
    return answer(
        change(id, key -> with(key, key.revoked().or(() -> Optional.of(at)), key.lastUsed())));
  }

  /** Where it does not matter who does it. */
  public CompletionStage<Boolean> revoke(UUID id, Instant at) {
    return revoke(id, at, ApiKeysContract.entry(Action.API_KEY_REVOKED, id));
  }

  @Override
  public synchronized CompletionStage<Long> revision() {
    return answer(revision);
  }

  @Override
  public synchronized CompletionStage<Void> used(Map<UUID, Instant> times) {
    times.forEach(
        (id, at) ->
            change(
                id,
                key ->
                    with(
                        key,
                        key.revoked(),
                        key.lastUsed().filter(at::isBefore).or(() -> Optional.of(at)))));
    return answer(null);
  }

  private static ApiKey with(ApiKey key, Optional<Instant> revoked, Optional<Instant> lastUsed) {
    return new ApiKey(
        key.id(),
        key.name(),
        key.prefix(),
        key.scopes(),
        key.expires(),
        revoked,
        lastUsed,
        key.creator(),
        key.created());
  }

  private boolean change(UUID id, UnaryOperator<ApiKey> change) {
    boolean found = false;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).key().id().equals(id)) {
        all.set(i, new Kept(change.apply(all.get(i).key()), all.get(i).hash()));
        found = true;
      }
    }
    return found;
  }
}
