package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.kernel.HandClock;
import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class QuotasTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryRunCounts counts = new InMemoryRunCounts(clock);
  private final AtomicReference<Quota> set = new AtomicReference<>(new Quota(2, 0, 0));
  private final Quotas quotas = new Quotas(counts, set::get);
  private final AtomicInteger begun = new AtomicInteger();

  private String ask(Supplier<CompletionStage<String>> begin) {
    return join(asking(UUID.randomUUID(), begin));
  }

  private CompletionStage<String> asking(UUID run, Supplier<CompletionStage<String>> begin) {
    return quotas.counted("a", run, begin, "begun"::equals, Problem::code);
  }

  private static String join(CompletionStage<String> outcome) {
    return outcome.toCompletableFuture().join();
  }

  private long counted() {
    return counts.usage(1).toCompletableFuture().join().today();
  }

  private String ask() {
    return ask(
        () -> {
          begun.incrementAndGet();
          return said("begun");
        });
  }

  @Test
  void noMoreThanSoManyBegin() {
    assertEquals("begun", ask());
    assertEquals("begun", ask());
    assertEquals("request.quota_used_up", ask());
    assertEquals(2, begun.get());
    clock.passes(Duration.ofMinutes(61));
    assertEquals("begun", ask());
  }

  @Test
  void whatIsRefusedForAnotherReasonDoesNotCount() {
    for (int i = 0; i < 5; i++) {
      assertEquals("busy", ask(() -> said("busy")));
    }
    assertEquals("begun", ask());
    assertEquals("begun", ask());
    assertEquals("request.quota_used_up", ask());
  }

  /** Else whoever makes it fail could begin as many as he likes. */
  @Test
  void whatMayHaveBegunCounts() {
    for (int i = 0; i < 2; i++) {
      assertThrows(
          CompletionException.class,
          () -> ask(() -> CompletableFuture.failedStage(new IllegalStateException("lost"))));
    }
    assertEquals("request.quota_used_up", ask());
  }

  @Test
  void aRunThatIsBegunByTwoAtOnceCountsOnce() {
    var run = UUID.randomUUID();
    var first = new CompletableFuture<String>();
    var outcome = asking(run, () -> first);
    assertEquals("begun", join(asking(run, () -> said("begun"))));
    first.complete("busy");
    assertEquals("busy", join(outcome));
    assertEquals("begun", join(asking(run, () -> said("begun"))));
    assertEquals(1, counted());
  }

  @Test
  void aRunThatAllAreRefusedDoesNotCountAndMayLater() {
    var run = UUID.randomUUID();
    var first = new CompletableFuture<String>();
    var outcome = asking(run, () -> first);
    assertEquals("busy", join(asking(run, () -> said("busy"))));
    assertEquals(1, counted());
    first.complete("busy");
    assertEquals("busy", join(outcome));
    assertEquals(0, counted());
    assertEquals("begun", join(asking(run, () -> said("begun"))));
    assertEquals(1, counted());
  }

  @Test
  void aRunThatWasRefusedIsAskedForAnew() {
    ask();
    ask();
    var run = UUID.randomUUID();
    for (int i = 0; i < 2; i++) {
      assertEquals("request.quota_used_up", join(asking(run, () -> said("never"))));
    }
    clock.passes(Duration.ofMinutes(61));
    assertEquals("begun", join(asking(run, () -> said("begun"))));
  }

  private static CompletionStage<String> said(String outcome) {
    return CompletableFuture.completedStage(outcome);
  }

  @Test
  void whereRunsCannotBeCountedNoneBegins() {
    counts.away();
    assertThrows(CompletionException.class, this::ask);
    assertEquals(0, begun.get());
  }

  @Test
  void withoutAQuotaNothingIsAsked() {
    counts.away();
    set.set(Quota.NONE);
    assertEquals("begun", ask());
  }

  @Test
  void aQuotaThatIsSetAnewCountsAtOnce() {
    ask();
    ask();
    set.set(new Quota(3, 0, 0));
    assertEquals("begun", ask());
    set.set(new Quota(1, 0, 0));
    assertEquals("request.quota_used_up", ask());
  }
}
