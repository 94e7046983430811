package clawster.runtime.limits;

import clawster.runtime.kernel.Failures;
import clawster.runtime.kernel.StorageAway;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses this node listens to. Whether one is locked it knows by heart; only a wrong
 * credential costs a word with the other nodes, before it is answered. So wrong answers are counted
 * exactly, and an address that was locked by way of another node may still find a right credential
 * for as long as it takes until this one is brought up to date.
 *
 * <p>While guesses cannot be counted together each node counts for itself, by the same rule.
 */
public final class Lockout {

  /** How often it is to be brought up to date. */
  public static final Duration REFRESH = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(Lockout.class);

  private static final int MOST_ADDRESSES = 10_000;

  /** Guesses that are being counted. More are guessed at once only by who wants to do harm. */
  private static final int MOST_AT_ONCE = 32;

  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private final GuessCounts counts;
  private final String machine;
  private final BooleanSupplier locksLocal;
  private final Clock clock;
  private final Cache<ClientAddress, Guesses> own =
      Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).expireAfterWrite(GuessRule.LOCK).build();
  private final AtomicInteger counting = new AtomicInteger();
  private volatile Map<String, Instant> locked = Map.of();

  /**
   * @param machine under what its own callers' guesses are counted: a loopback is all nodes' there
   * @param locksLocal whether that can be locked too
   * @param clock which never jumps
   */
  public Lockout(GuessCounts counts, String machine, BooleanSupplier locksLocal, Clock clock) {
    this.counts = counts;
    this.machine = machine;
    this.locksLocal = locksLocal;
    this.clock = clock;
  }

  private GuessRule rule(ClientAddress address) {
    return new GuessRule(!address.local() || locksLocal.getAsBoolean());
  }

  private String key(ClientAddress address) {
    return address.local() ? address.key() + " of " + machine : address.key();
  }

  /** Whether what comes from there is to be looked at. */
  public Verdict verdict(ClientAddress address) {
    var now = clock.instant();
    var rule = rule(address);
    var until = locked.get(key(address));
    if (rule.locks() && until != null && now.isBefore(until)) {
      return new Verdict.Locked(Duration.between(now, until));
    }
    var guesses = own.getIfPresent(address);
    return guesses == null ? Verdict.OPEN : rule.verdict(guesses, now);
  }

  /** Counts a wrong credential, and says what its answer is to be. */
  public CompletionStage<Verdict> wrong(ClientAddress address) {
    var rule = rule(address);
    var now = clock.instant();
    var before = verdict(address);
    own.asMap()
        .merge(address, rule.after(Guesses.NONE, now), (earlier, _) -> rule.after(earlier, now));
    if (before instanceof Verdict.Locked) {
      return CompletableFuture.completedStage(before);
    }
    if (counting.incrementAndGet() > MOST_AT_ONCE) {
      counting.decrementAndGet();
      return CompletableFuture.completedStage(new Verdict.Locked(SHORTLY));
    }
    return counts
        .wrong(key(address), rule)
        .whenComplete((_, _) -> counting.decrementAndGet())
        .thenApply(tally -> counted(address, tally))
        .exceptionally(failure -> uncounted(address, before, failure));
  }

  private Verdict counted(ClientAddress address, GuessCounts.Tally tally) {
    if (tally.after() instanceof Verdict.Locked(var left)) {
      var end = clock.instant().plus(left);
      own.asMap().merge(address, Guesses.NONE.locked(end), (mine, _) -> mine.locked(end));
    }
    return answer(tally.before(), tally.after());
  }

  /** The guess that locks its address is answered as the ones before it. */
  private static Verdict answer(Verdict before, Verdict after) {
    return switch (before) {
      case Verdict.Locked locked -> locked;
      case Verdict.Open _, Verdict.Delayed _ ->
          after instanceof Verdict.Delayed delayed ? delayed : Verdict.OPEN;
    };
  }

  private Verdict uncounted(ClientAddress address, Verdict before, Throwable failure) {
    if (!(Failures.cause(failure) instanceof StorageAway away)) {
      throw new CompletionException(Failures.cause(failure));
    }
    LOG.debug("A guess was counted here only: {}", away.toString());
    return answer(before, verdict(address));
  }

  /** Learns what was locked by way of other nodes. To be called every {@link #REFRESH}. */
  public CompletionStage<Done> refresh() {
    return counts
        .locked(MOST_ADDRESSES)
        .thenApply(
            all -> {
              var now = clock.instant();
              locked =
                  all.stream()
                      .collect(
                          Collectors.toUnmodifiableMap(
                              GuessCounts.LockedAddress::address, one -> now.plus(one.left())));
              return Done.getInstance();
            });
  }
}
