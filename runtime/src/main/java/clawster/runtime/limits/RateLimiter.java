package clawster.runtime.limits;

import clawster.runtime.kernel.Problem;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * This node's share of the cluster's token buckets. It takes a few tokens at a time and gives them
 * out without asking; when a bucket was empty, it knows until when. So nothing is given out that
 * was not taken from the one bucket, and what one caller costs does not grow with how often it
 * asks. Tokens that nobody wants within a second are forgotten, not given back.
 */
public final class RateLimiter {

  private static final Duration LEASE = Duration.ofSeconds(1);

  private static final int MOST_NAMES = 10_000;

  /** Requests of one name that wait for tokens at once. */
  private static final int MOST_WAITING = 1_000;

  private final Buckets buckets;
  private final RateRule rule;
  private final Clock clock;
  private final Cache<String, Hand> hands =
      Caffeine.newBuilder()
          .maximumSize(MOST_NAMES)
          .expireAfterAccess(Duration.ofMinutes(1))
          .build();

  /**
   * @param clock which never jumps
   */
  public RateLimiter(Buckets buckets, RateRule rule, Clock clock) {
    this.buckets = buckets;
    this.rule = rule;
    this.clock = clock;
  }

  /** Takes one token; the problem says when to come back if there is none. */
  public CompletionStage<Optional<Problem>> take(String name) {
    return hands.get(name, Hand::new).take();
  }

  /** What this node has in hand of one bucket. */
  private final class Hand {

    private final String name;
    private final Queue<CompletableFuture<Optional<Problem>>> waiting = new ArrayDeque<>();
    private int tokens;
    private Instant tokensUntil = Instant.MIN;
    private Instant emptyUntil = Instant.MIN;
    private boolean asking;

    private Hand(String name) {
      this.name = name;
    }

    CompletionStage<Optional<Problem>> take() {
      var answer = new CompletableFuture<Optional<Problem>>();
      int wanted;
      synchronized (this) {
        var now = clock.instant();
        if (tokens > 0 && now.isBefore(tokensUntil)) {
          tokens--;
          return CompletableFuture.completedStage(Optional.empty());
        }
        if (now.isBefore(emptyUntil) || waiting.size() >= MOST_WAITING) {
          return CompletableFuture.completedStage(Optional.of(later(now)));
        }
        waiting.add(answer);
        wanted = asking ? 0 : wanted();
        asking = true;
      }
      ask(wanted);
      return answer;
    }

    private Problem later(Instant now) {
      return LimitProblems.tooOften(
          rule.perMinute(), now.isBefore(emptyUntil) ? Duration.between(now, emptyUntil) : LEASE);
    }

    private int wanted() {
      return Math.max(rule.batch(), Math.min(waiting.size(), rule.capacity()));
    }

    /** One question at a time, for all that wait. */
    private void ask(int wanted) {
      if (wanted == 0) {
        return;
      }
      buckets
          .take(name, wanted, rule)
          .whenComplete(
              (grant, failure) -> {
                if (failure == null) {
                  granted(wanted, grant);
                } else {
                  letGo().forEach(answer -> answer.completeExceptionally(failure));
                }
              });
    }

    private void granted(int wanted, RateRule.Grant grant) {
      var served = new ArrayList<CompletableFuture<Optional<Problem>>>();
      List<CompletableFuture<Optional<Problem>>> refused = List.of();
      Problem later;
      int more = 0;
      synchronized (this) {
        var now = clock.instant();
        tokens = grant.granted();
        tokensUntil = now.plus(LEASE);
        for (; tokens > 0 && !waiting.isEmpty(); tokens--) {
          served.add(waiting.remove());
        }
        if (grant.granted() < wanted) {
          emptyUntil = now.plus(grant.again());
          refused = letGo();
        } else if (waiting.isEmpty()) {
          asking = false;
        } else {
          more = wanted();
        }
        later = later(now);
      }
      served.forEach(answer -> answer.complete(Optional.empty()));
      refused.forEach(answer -> answer.complete(Optional.of(later)));
      ask(more);
    }

    private synchronized List<CompletableFuture<Optional<Problem>>> letGo() {
      var all = List.copyOf(waiting);
      waiting.clear();
      asking = false;
      return all;
    }
  }
}
