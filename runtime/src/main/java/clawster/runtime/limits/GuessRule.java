package clawster.runtime.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many wrong credentials an address may show. Ten within a minute lock it for five minutes,
 * after which it begins anew. What it shows meanwhile is not looked at, and does not count.
 *
 * <p>An address that cannot be locked, since it is everybody on this machine, is made to wait from
 * the tenth on, longer each time. A right credential takes nothing back: else somebody with a key
 * of his own could guess another for ever. The guesses that locked an address are kept, so that it
 * has to wait should it be locked no more.
 *
 * @param locks whether such an address is locked, or its wrong answers are delayed
 */
public record GuessRule(boolean locks) {

  public static final Duration LOCK = Duration.ofMinutes(5);

  static final int MOST = 10;
  static final Duration WINDOW = Duration.ofSeconds(60);

  private static final Duration FIRST_DELAY = Duration.ofMillis(250);

  /** The fifth delay, of four seconds, is the longest. */
  private static final int KEPT = MOST + 4;

  /** One more wrong guess. */
  public Guesses after(Guesses before, Instant now) {
    var locked = before.lockedUntil().filter(now::isBefore);
    if (locks && locked.isPresent()) {
      return before;
    }
    boolean wasLocked = before.lockedUntil().isPresent() && locked.isEmpty();
    var earlier = wasLocked ? List.<Instant>of() : recent(before, now);
    var all = Stream.concat(earlier.stream(), Stream.of(now)).toList();
    return new Guesses(
        all.subList(Math.max(0, all.size() - KEPT), all.size()),
        locks && all.size() >= MOST ? Optional.of(now.plus(LOCK)) : locked);
  }

  public Verdict verdict(Guesses guesses, Instant now) {
    var until = guesses.lockedUntil().filter(now::isBefore);
    if (locks && until.isPresent()) {
      return new Verdict.Locked(Duration.between(now, until.get()));
    }
    int beyond = recent(guesses, now).size() - MOST;
    return locks || beyond < 0
        ? Verdict.OPEN
        : new Verdict.Delayed(FIRST_DELAY.multipliedBy(1L << beyond));
  }

  private static List<Instant> recent(Guesses guesses, Instant now) {
    return guesses.times().stream().filter(now.minus(WINDOW)::isBefore).toList();
  }
}
