package clawster.runtime.identity;

import clawster.runtime.audit.AuditEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The keys of the whole cluster. Everything is durable, and seen by all nodes, when it completes.
 */
public interface ApiKeys {

  /** The entry is there with the key, or neither is. */
  CompletionStage<Void> add(ApiKey key, KeySecret secret, AuditEntry entry);

  /** Whether it is good or not. */
  CompletionStage<Optional<ApiKey>> find(KeySecret secret);

  CompletionStage<Optional<ApiKey>> find(UUID id);

  /** Newest first, the revoked and expired ones too. */
  CompletionStage<List<ApiKey>> list(int limit, int offset);

  /**
   * False if there is no such key. One that is revoked already stays as it is; only a change leaves
   * the entry.
   */
  CompletionStage<Boolean> revoke(UUID id, Instant at, AuditEntry entry);

  /** A number that is another one after each key that was added or revoked, by whichever node. */
  CompletionStage<Long> revision();

  /** When keys were last used; older times than those known are ignored. */
  CompletionStage<Void> used(Map<UUID, Instant> times);
}
