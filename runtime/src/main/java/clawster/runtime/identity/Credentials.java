package clawster.runtime.identity;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The credentials of one kind, of the whole cluster. Everything is durable, and seen by all nodes,
 * when it completes.
 */
public interface Credentials<S extends Secret, C extends Credential> {

  /** Whether it is good or not. */
  CompletionStage<Optional<C>> find(S secret);

  CompletionStage<Optional<C>> find(UUID id);

  /** A number that is another one after each that was added or taken back, by whichever node. */
  CompletionStage<Long> revision();

  /** When they were last used; older times than those known are ignored. */
  CompletionStage<Void> used(Map<UUID, Instant> times);
}
