package clawster.runtime.limits;

import clawster.runtime.kernel.Problem;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callers have left of the runs they may begin. A run is counted before it begins, so there
 * are never too many, and what is surely refused is not counted in the end. Where no quota is set
 * nothing is counted, and nothing asked.
 */
public final class Quotas {

  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  /** Longer than it takes until a run that has begun is known of by its log. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int MOST_REMEMBERED = 10_000;

  private final RunCounts counts;
  private final Supplier<Quota> quota;
  private final Cache<UUID, CountedRun> runs =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(REMEMBERED).build();

  /**
   * @param quota as it is set now
   */
  public Quotas(RunCounts counts, Supplier<Quota> quota) {
    this.counts = counts;
    this.quota = quota;
  }

  public Quota quota() {
    return quota.get();
  }

  public CompletionStage<RunCounts.Usage> usage(int most) {
    return counts.usage(most);
  }

  /**
   * Begins a run, if that caller has one left. Requests that begin the same run at this node, at
   * the same moment or soon after, count once.
   *
   * @param run by which the same run is known again
   * @param mayHaveBegun whether it has, or may have, by what came of it; what fails may have
   * @param otherwise what comes of it instead
   */
  public <T> CompletionStage<T> counted(
      String name,
      UUID run,
      Supplier<CompletionStage<T>> begin,
      Predicate<T> mayHaveBegun,
      Function<Problem, T> otherwise) {
    var now = quota.get();
    if (!now.isSet()) {
      return begin.get();
    }
    var counted = counted(name, run, now);
    return counted
        .outcome()
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case RunCounts.Outcome.Counted _ -> begin.get();
                  case RunCounts.Outcome.Refused(var usedUp) ->
                      CompletableFuture.completedStage(
                          otherwise.apply(LimitProblems.quotaUsedUp(usedUp)));
                })
        .whenComplete(
            (result, failure) -> {
              if (counted.ended(failure != null || mayHaveBegun.test(result))) {
                takeBack(name, counted);
              }
            });
  }

  private CountedRun counted(String name, UUID run, Quota now) {
    return runs.asMap()
        .compute(
            run,
            (_, known) ->
                known != null && known.joined() ? known : new CountedRun(counts.begin(name, now)));
  }

  /** Nobody waits until it is told that one does not count. */
  private void takeBack(String name, CountedRun run) {
    run.outcome()
        .thenCompose(
            outcome ->
                outcome instanceof RunCounts.Outcome.Counted(var minute)
                    ? counts.takeBack(name, minute)
                    : CompletableFuture.<Void>completedStage(null))
        .exceptionally(
            failure -> {
              LOG.debug("A run that was refused counts: {}", failure.toString());
              return null;
            });
  }
}
