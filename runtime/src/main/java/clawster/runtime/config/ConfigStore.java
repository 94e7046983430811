package clawster.runtime.config;

import clawster.runtime.audit.AuditEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The versions of the document, which all nodes share. */
public interface ConfigStore {

  /** How many are kept. */
  int KEPT = 100;

  /**
   * A version as it was stored, by whatever version of this program.
   *
   * @param plain what is set, by name
   * @param good whether a node has run with it
   */
  record Stored(long number, Map<String, Object> plain, boolean good) {}

  /** The newest first. */
  CompletionStage<List<Stored>> newest(int most);

  /** Number of the newest version; 0 for none. */
  CompletionStage<Long> latest();

  /**
   * Stores the next version and, together with it, the entry of who made it and when.
   *
   * @return whether {@code next} follows the newest one; else nothing has changed
   */
  CompletionStage<Boolean> add(ConfigVersion next, AuditEntry entry);

  /** A node runs with that version. */
  CompletionStage<Void> good(long number);
}
