package clawster.runtime.limits;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The answers that are being made, in the whole cluster, each known by its run. */
public interface AnswerCounts {

  /** How long one counts after its node last spoke of it. */
  Duration KEPT = Duration.ofSeconds(30);

  /**
   * Counts one more, unless that name has so many others. Two at the same moment are told apart;
   * one that counts already is the same one.
   */
  CompletionStage<Boolean> begin(UUID run, String name, int most);

  /** They go on; also those that were forgotten. Names by run. */
  CompletionStage<Void> goOn(Map<UUID, String> answers);

  CompletionStage<Void> end(Set<UUID> runs);
}
