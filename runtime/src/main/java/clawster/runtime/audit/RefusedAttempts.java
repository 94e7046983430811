package clawster.runtime.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * What was refused at this node. Of each sort there is one entry in ten minutes, with how often it
 * happened; of many sorts the first fifty, and one entry for all others. So whoever is refused
 * learns nothing, and cannot fill the log. While it cannot be stored it is counted on.
 */
public final class RefusedAttempts {

  /** How often it is to be told. */
  public static final Duration TOLD_EVERY = Duration.ofSeconds(2);

  static final Duration WINDOW = Duration.ofMinutes(10);
  static final int MOST = 50;

  /**
   * One sort of them.
   *
   * @param endpoint method and path as it is declared, so that there are few
   * @param reason the code of the refusal
   * @param network from where, as limits count it: an IPv6 address is one of very many
   */
  public record Attempt(Actor actor, String endpoint, String reason, String network) {}

  private static final Attempt OTHERS = new Attempt(Actor.ANYBODY, "others", "others", "others");

  private static final CompletionStage<Done> DONE =
      CompletableFuture.completedStage(Done.getInstance());

  private final class Tally {
    private final AuditEntry first;
    private Instant last;
    private long count;
    private long told;

    Tally(Attempt attempt, Optional<String> address, Instant now) {
      this.first =
          AuditEntry.of(Action.REQUEST_REFUSED, attempt.actor(), address, now)
              .about(attempt.endpoint())
              .with("reason", attempt.reason());
    }

    void add(Instant now) {
      count++;
      last = now;
    }

    AuditEntry entry() {
      return first.with("count", String.valueOf(count)).with("last", last.toString());
    }
  }

  private final AuditLog log;
  private final Clock clock;
  private final Map<Attempt, Tally> tallies = new HashMap<>();
  private Instant end = Instant.MIN;

  public RefusedAttempts(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /**
   * @param address the first of them is shown in the entry
   */
  public synchronized void note(Attempt attempt, Optional<String> address) {
    var now = clock.instant();
    boolean told = tallies.containsKey(attempt) || tallies.size() < MOST;
    if (tallies.isEmpty()) {
      end = now.plus(WINDOW);
    }
    (told
            ? tallies.computeIfAbsent(attempt, first -> new Tally(first, address, now))
            : tallies.computeIfAbsent(OTHERS, first -> new Tally(first, Optional.empty(), now)))
        .add(now);
  }

  /** Stores what has come since the last time. To be called every {@link #TOLD_EVERY}. */
  public CompletionStage<Done> tell() {
    var counts = new HashMap<UUID, Long>();
    var entries = untold(counts);
    return entries.isEmpty()
        ? DONE
        : log.put(entries)
            .thenApply(
                _ -> {
                  told(counts);
                  return Done.getInstance();
                });
  }

  private synchronized List<AuditEntry> untold(Map<UUID, Long> counts) {
    var entries = new ArrayList<AuditEntry>();
    for (var tally : tallies.values()) {
      if (tally.count > tally.told) {
        entries.add(tally.entry());
        counts.put(tally.first.id(), tally.count);
      }
    }
    if (entries.isEmpty()) {
      beginAgainAfterAWhile();
    }
    return entries;
  }

  private void beginAgainAfterAWhile() {
    var now = clock.instant();
    if (!now.isBefore(end)) {
      tallies.values().removeIf(tally -> tally.count == tally.told);
      end = now.plus(WINDOW);
    }
  }

  private synchronized void told(Map<UUID, Long> counts) {
    tallies.values().forEach(t -> t.told = counts.getOrDefault(t.first.id(), t.told));
    beginAgainAfterAWhile();
  }
}
