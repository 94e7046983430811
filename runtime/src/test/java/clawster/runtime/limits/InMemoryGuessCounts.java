package clawster.runtime.limits;

import clawster.runtime.kernel.StorageAway;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Guesses counted in one process; counts what it is asked for. */
public final class InMemoryGuessCounts implements GuessCounts {

  private static final class Away extends StorageAway {
    private static final long serialVersionUID = 1L;

    Away() {
      super("away");
    }
  }

  private final Clock clock;
  private final Map<String, Guesses> all = new HashMap<>();
  private boolean away;
  private int asked;

  public InMemoryGuessCounts(Clock clock) {
    this.clock = clock;
  }

  /** Answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
  }

  /** How often it was asked to count. */
  public synchronized int asked() {
    return asked;
  }

  @Override
  public synchronized CompletionStage<Tally> wrong(String address, GuessRule rule) {
    asked++;
    if (away) {
      return CompletableFuture.failedStage(new Away());
    }
    var now = clock.instant();
    var before = all.getOrDefault(address, Guesses.NONE);
    var after = rule.after(before, now);
    all.put(address, after);
    return CompletableFuture.completedStage(
        new Tally(rule.verdict(before, now), rule.verdict(after, now)));
  }

  @Override
  public synchronized CompletionStage<List<LockedAddress>> locked(int most) {
    if (away) {
      return CompletableFuture.failedStage(new Away());
    }
    var now = clock.instant();
    return CompletableFuture.completedStage(
        all.entrySet().stream()
            .filter(entry -> entry.getValue().lockedUntil().filter(now::isBefore).isPresent())
            .map(
                entry ->
                    new LockedAddress(
                        entry.getKey(),
                        Duration.between(now, entry.getValue().lockedUntil().orElseThrow())))
            .sorted(Comparator.comparing(LockedAddress::left).reversed())
            .limit(most)
            .toList());
  }
}
