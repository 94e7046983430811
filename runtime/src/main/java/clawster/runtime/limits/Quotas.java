package clawster.runtime.limits;

import clawster.runtime.kernel.Problem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callers have left of the runs they may begin. A run is counted before it begins, so there
 * are never too many, and what is refused is not counted in the end. Where no quota is set nothing
 * is counted, and nothing asked.
 */
public final class Quotas {

  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  private final RunCounts counts;
  private final Supplier<Quota> quota;

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
   * Begins a run, if that caller has one left.
   *
   * @param begin fails if it is not known whether the run began; it counts then
   * @param begun whether it has, by what came of it
   * @param otherwise what comes of it instead
   */
  public <T> CompletionStage<T> counted(
      String name,
      Supplier<CompletionStage<T>> begin,
      Predicate<T> begun,
      Function<Problem, T> otherwise) {
    var now = quota.get();
    return now.isSet()
        ? counts
            .begin(name, now)
            .thenCompose(
                outcome ->
                    switch (outcome) {
                      case RunCounts.Outcome.Counted counted ->
                          begin.get().thenApply(result -> kept(name, counted, begun, result));
                      case RunCounts.Outcome.Refused(var usedUp) ->
                          CompletableFuture.completedStage(
                              otherwise.apply(LimitProblems.quotaUsedUp(usedUp)));
                    })
        : begin.get();
  }

  /** Nobody waits until it is told that one does not count. */
  private <T> T kept(String name, RunCounts.Outcome.Counted counted, Predicate<T> begun, T result) {
    if (!begun.test(result)) {
      counts
          .takeBack(name, counted.minute())
          .exceptionally(
              failure -> {
                LOG.debug("A run that was refused counts: {}", failure.toString());
                return null;
              });
    }
    return result;
  }
}
