package clawster.runtime.identity;

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

  CompletionStage<Void> add(ApiKey key, KeySecret secret);

  /** Whether it is good or not. */
  CompletionStage<Optional<ApiKey>> find(KeySecret secret);

  CompletionStage<Optional<ApiKey>> find(UUID id);

  /** Newest first, the revoked and expired ones too. */
  CompletionStage<List<ApiKey>> list(int limit, int offset);

  /** False if there is no such key; one that is revoked already stays as it is. */
  CompletionStage<Boolean> revoke(UUID id, Instant at);

  /** A number that is another one after each key that was added or revoked, by whichever node. */
  CompletionStage<Long> revision();

  /** When keys were last used; older times than those known are ignored. */
  CompletionStage<Void> used(Map<UUID, Instant> times);
}
