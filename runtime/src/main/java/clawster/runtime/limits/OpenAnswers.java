package clawster.runtime.limits;

import clawster.runtime.kernel.Ids;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers that this node is making and that count. They are counted cluster-wide before they
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

  /** One that counts until it is closed. */
  public final class Open implements AutoCloseable {

    private final UUID id;

    private Open(UUID id) {
      this.id = id;
    }

    /** May be closed again. What cannot be told now is told by {@link #renew}. */
    @Override
    public void close() {
      if (open.remove(id) != null) {
        ended.add(id);
        tellEnded();
      }
    }
  }

  /** Empty if that name has so many already. */
  public CompletionStage<Optional<Open>> begin(String name, int most) {
    var id = Ids.next();
    return counts
        .begin(id, name, most)
        .thenApply(
            begun -> {
              if (begun) {
                open.put(id, name);
              }
              return begun ? Optional.of(new Open(id)) : Optional.empty();
            });
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
    told.stream().filter(id -> !open.containsKey(id)).forEach(ended::add);
    return tellEnded();
  }
}
