package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.kernel.HandClock;
import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
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
    return quotas.counted("a", begin, "begun"::equals, Problem::code).toCompletableFuture().join();
  }

  private String ask() {
    return ask(
        () -> {
          begun.incrementAndGet();
          return CompletableFuture.completedStage("begun");
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
      assertEquals("busy", ask(() -> CompletableFuture.completedStage("busy")));
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
