package clawster.http.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long an answer goes on without its caller. Time here passes only when told to. */
final class LeavingTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration ALMOST = Duration.ofSeconds(29);

  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final CompletableFuture<String> gone = new CompletableFuture<>();
  private final AtomicInteger stops = new AtomicInteger();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void leaving() {
    Leaving.before(ended, gone, GRACE, KIT.system(), stops::incrementAndGet);
  }

  @Test
  void anAnswerIsStoppedWhenItsGraceIsOver() {
    gone.complete("closed");
    TIME.timePasses(ALMOST);
    assertEquals(0, stops.get());
    TIME.timePasses(GRACE);
    assertStopsBecome(1);
  }

  @Test
  void howTheCallerWentDoesNotMatter() {
    gone.completeExceptionally(new IllegalStateException("reset by peer"));
    TIME.timePasses(GRACE);
    assertStopsBecome(1);
  }

  @Test
  void anAnswerThatEndsInTimeIsNotStopped() {
    gone.complete("closed");
    TIME.timePasses(ALMOST);
    ended.complete("whole");
    TIME.timePasses(GRACE);
    assertEquals(0, stops.get());
  }

  @Test
  void whoLeavesAfterTheEndStopsNothing() {
    ended.complete("whole");
    gone.complete("closed");
    TIME.timePasses(GRACE.multipliedBy(2));
    assertEquals(0, stops.get());
  }

  @Test
  void whoStaysIsWaitedFor() {
    TIME.timePasses(Duration.ofHours(1));
    assertEquals(0, stops.get());
  }

  /** What the scheduler starts runs on a thread of its own. */
  private void assertStopsBecome(int expected) {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertEquals(expected, stops.get());
              return stops;
            });
  }
}
