package clawster.runtime.identity;

import clawster.runtime.audit.AuditEntry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The keys of the whole cluster. */
public interface ApiKeys extends Credentials<KeySecret, ApiKey> {

  /** The entry is there with the key, or neither is. */
  CompletionStage<Void> add(ApiKey key, KeySecret secret, AuditEntry entry);

  /** Newest first, the revoked and expired ones too. */
  CompletionStage<List<ApiKey>> list(int limit, int offset);

  /**
   * False if there is no such key. One that is revoked already stays as it is; only a change leaves
   * the entry.
   */
  CompletionStage<Boolean> revoke(UUID id, Instant at, AuditEntry entry);
}
