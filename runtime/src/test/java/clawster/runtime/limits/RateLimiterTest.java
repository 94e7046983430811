package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.HandClock;
import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several nodes over the same buckets. */
final class RateLimiterTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryBuckets buckets = new InMemoryBuckets(clock);

  private RateLimiter node(int perMinute) {
    return new RateLimiter(buckets, new RateRule(perMinute), clock);
  }

  private static boolean passes(RateLimiter node, String name) {
    return done(node.take(name)).isEmpty();
  }

  /** Whoever asks far too often, at random nodes, for ten minutes. */
  @ParameterizedTest
  @CsvSource({"60, 1", "60, 3", "60, 10", "600, 3", "600, 10", "6000, 1", "6000, 3", "6000, 10"})
  void allNodesTogetherLetThroughWhatTheLimitSays(int perMinute, int nodes) {
    var all = Stream.generate(() -> node(perMinute)).limit(nodes).toList();
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int passed = 0;
    int firstMinute = 0;
    int minutes = 10;
    int millis = Math.max(1, 60_000 / perMinute / 4);
    for (int at = 0; at < minutes * 60_000; at += millis) {
      passed += passes(all.get(random.nextInt(nodes)), "a") ? 1 : 0;
      firstMinute = at < 60_000 ? passed : firstMinute;
      clock.passes(Duration.ofMillis(millis));
    }
    var what = "seed " + seed + ": " + firstMinute + " and " + passed;
    assertTrue(firstMinute >= 0.9 * perMinute && firstMinute <= 1.1 * perMinute, what);
    assertTrue(passed >= 0.9 * perMinute * minutes && passed <= 1.1 * perMinute * minutes, what);
  }

  /** Half of what is allowed, evenly. */
  @ParameterizedTest
  @CsvSource({"60, 3", "600, 3", "6000, 3", "6000, 10"})
  void whoStaysBelowTheLimitIsNeverRefused(int perMinute, int nodes) {
    var all = Stream.generate(() -> node(perMinute)).limit(nodes).toList();
    for (int i = 0; i < perMinute * 5; i++) {
      assertTrue(passes(all.get(i % nodes), "a"), "request " + i);
      clock.passes(Duration.ofMinutes(1).dividedBy(perMinute / 2));
    }
  }

  @Test
  void aBurstOfFiveIsLetThroughWhereverItArrives() {
    var nodes = List.of(node(60), node(60));
    for (int i = 0; i < 5; i++) {
      assertTrue(passes(nodes.get(i % 2), "a"));
    }
    for (var node : nodes) {
      var problem = done(node.take("a")).orElseThrow();
      assertEquals("request.too_often", problem.code());
      assertEquals("60", problem.facts().get("limit"));
      assertEquals(Duration.ofSeconds(1), problem.retryAfter());
      assertTrue(passes(node, "b " + node), "others are not meant");
    }
  }

  @Test
  void whoIsRefusedCostsNothing() {
    var node = node(60);
    while (passes(node, "a")) {
      // until the bucket is empty
    }
    buckets.asked();
    for (int i = 0; i < 1_000; i++) {
      assertEquals(false, passes(node, "a"));
    }
    assertEquals(0, buckets.asked());
    clock.passes(Duration.ofSeconds(1));
    assertTrue(passes(node, "a"));
  }

  @Test
  void aBusyBucketIsAskedForABatchAtATime() {
    var node = node(6_000);
    for (int i = 0; i < 100; i++) {
      assertTrue(passes(node, "a"));
    }
    assertEquals(10, buckets.asked());
  }

  @Test
  void tokensThatNobodyWantsAreForgotten() {
    var idle = node(6_000);
    assertTrue(passes(idle, "a"));
    clock.passes(Duration.ofSeconds(2));
    assertEquals(100, done(buckets.take("a", 200, new RateRule(6_000))).granted());
    assertEquals(false, passes(idle, "a"), "what it had in hand is not given out beside");
  }

  /** All that come while the bucket is asked share the next question. */
  @Test
  void whoComesAtOnceIsAskedForAtOnce() {
    var questions = new ArrayList<CompletableFuture<RateRule.Grant>>();
    var wanted = new ArrayList<Integer>();
    Buckets slow =
        (_, asked, _) -> {
          wanted.add(asked);
          questions.add(new CompletableFuture<>());
          return questions.getLast();
        };
    var node = new RateLimiter(slow, new RateRule(600), clock);
    var answers = Stream.generate(() -> node.take("a").toCompletableFuture()).limit(1_100).toList();
    assertEquals(List.of(1), wanted);
    assertEquals(100, answers.stream().filter(CompletableFuture::isDone).count(), "too many wait");
    questions.get(0).complete(grant(1, Duration.ZERO));
    assertEquals(List.of(1, 10), wanted);
    questions.get(1).complete(grant(7, Duration.ofMillis(300)));
    assertEquals(8, answers.stream().filter(a -> a.join().isEmpty()).count());
    Optional<Problem> last = answers.get(500).join();
    assertEquals(Duration.ofMillis(300), last.orElseThrow().retryAfter());
  }

  @Test
  void whereNothingCanBeTakenNobodyGetsThrough() {
    var failing = new CompletableFuture<RateRule.Grant>();
    var node = new RateLimiter((_, _, _) -> failing, new RateRule(60), clock);
    var waits = List.of(node.take("a").toCompletableFuture(), node.take("a").toCompletableFuture());
    failing.completeExceptionally(new IllegalStateException("away"));
    assertTrue(waits.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    assertTrue(node.take("a").toCompletableFuture().isCompletedExceptionally(), "it asks again");
  }

  private RateRule.Grant grant(int tokens, Duration wait) {
    return new RateRule.Grant(tokens, clock.instant(), wait);
  }
}
