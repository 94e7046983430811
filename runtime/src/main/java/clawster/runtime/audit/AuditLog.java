package clawster.runtime.audit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The entries of the whole cluster. Everything is durable when it completes.
 *
 * <p>Where a change and its entry cannot be stored together, the entry comes first: it is intended,
 * and then settled or withdrawn. If nobody says how it ended it stays, and reads {@code outcome:
 * unknown}. Where they can, whoever stores the change stores the entry.
 */
public interface AuditLog {

  /** Somebody is about to do this. */
  CompletionStage<Void> intend(AuditEntry entry);

  /** It has been done. */
  CompletionStage<Void> settle(UUID id);

  /** It has not been done: there is no such entry. */
  CompletionStage<Void> withdraw(UUID id);

  /** These have happened; of one that is there already, the details are new. */
  CompletionStage<Void> put(List<AuditEntry> entries);

  /** Newest first. */
  CompletionStage<Page> list(Query query);

  /** What is asked for; who leaves something out asks for all. */
  record Query(
      Optional<String> actorType,
      Optional<String> actorId,
      Optional<String> action,
      Optional<String> entityType,
      Optional<String> entityId,
      int limit,
      int offset) {

    public static Query all(int limit, int offset) {
      return new Query(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          limit,
          offset);
    }
  }

  /**
   * @param total how many there are, this page's and all others'
   */
  record Page(List<AuditEntry> entries, long total) {

    public Page {
      entries = List.copyOf(entries);
    }
  }
}
