package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PatienceTest {

  private Duration now = Duration.ZERO;
  private final Patience patience = new Patience(() -> now.toNanos());

  /** Who listens takes this long for a line, if that is soon enough. */
  private Patience.Telling takes(Duration time) {
    return within -> {
      boolean soon = time.compareTo(within) <= 0;
      now = now.plus(soon ? time : within);
      return soon;
    };
  }

  @Test
  void whoTakesEveryLineJustInTimeIsToldNoMore() throws IOException {
    var slow = takes(Limits.PROGRESS.minusMillis(100));
    int lines = 1;
    while (patience.with(slow)) {
      lines++;
      assertTrue(lines < 100, "it goes on for ever");
    }
    assertEquals(Limits.ALL_PROGRESS, now, "no longer than all of it, the last line included");
  }

  @Test
  void noLineHasMoreThanIsLeft() throws IOException {
    var times = new ArrayList<Duration>();
    for (int i = 0; i < 5; i++) {
      patience.with(
          within -> {
            times.add(within);
            now = now.plusMillis(900);
            return true;
          });
    }
    patience.with(within -> times.add(within));
    assertEquals(List.of(Limits.PROGRESS, Duration.ofMillis(500)), times.subList(4, 6));
  }

  @Test
  void whoIsQuickIsToldEverything() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      assertTrue(patience.with(takes(Duration.ofNanos(10_000))));
    }
  }

  @Test
  void whoDoesNotTakeALineIsToldNoOther() throws IOException {
    assertFalse(patience.with(takes(Limits.PROGRESS.plusNanos(1))));
    assertEquals(Limits.PROGRESS, now);
  }
}
