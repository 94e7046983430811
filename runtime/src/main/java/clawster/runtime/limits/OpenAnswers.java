package clawster.runtime.limits;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers that count and were asked for at this node. They are counted cluster-wide before they
 * begin, so there are never too many; those of a node that died count for half a minute more.
 */
public final class OpenAnswers {

  /** How often it is to be said that they go on. */
  public static final Duration RENEW = Duration.ofSeconds(10);

  private final AnswerCounts counts;
  private final Map<UUID, String> open = new ConcurrentHashMap<>();
  private final Set<UUID> ended = ConcurrentHashMap.newKeySet();

  public OpenAnswers(AnswerCounts counts) {
    this.counts = counts;
  }

  /** Counts the run until its {@link #end}; false if that name has so many others. */
  public CompletionStage<Boolean> begin(UUID run, String name, int most) {
    return counts
        .begin(run, name, most)
        .thenApply(
            begun -> {
              if (begun) {
                open.put(run, name);
              }
              return begun;
            });
  }

  /** Whether it counts here, until somebody says that it has ended. */
  public boolean isOpen(UUID run) {
    return open.containsKey(run);
  }

  /** May be said again, and of others. What cannot be told now is told by {@link #renew}. */
  public void end(UUID run) {
    if (open.remove(run) != null) {
      ended.add(run);
      tellEnded();
    }
  }

  private CompletionStage<Void> tellEnded() {
    var told = Set.copyOf(ended);
    return told.isEmpty()
        ? CompletableFuture.completedStage(null)
        : counts.end(told).thenRun(() -> ended.removeAll(told));
  }

  /** To be called every {@link #RENEW}. */
  public CompletionStage<Void> renew() {
    var going = Map.copyOf(open);
    return (going.isEmpty() ? CompletableFuture.<Void>completedStage(null) : counts.goOn(going))
        .thenCompose(_ -> renewed(going.keySet()));
  }

  /** What has ended meanwhile was perhaps counted again. */
  private CompletionStage<Void> renewed(Set<UUID> told) {
    told.stream().filter(run -> !open.containsKey(run)).forEach(ended::add);
    return tellEnded();
  }
}
