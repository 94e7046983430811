package clawster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SupervisorPauseTest {

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  /** After so many ends in a row. */
  private static Duration after(int ends, int code, Duration lived) {
    var pause = Duration.ZERO;
    for (int i = 0; i < ends; i++) {
      pause = Supervisor.pause(pause, code, lived);
    }
    return pause;
  }

  @Test
  void aNodeThatEndsSoonWaitsEverLongerUpToTenSeconds() {
    assertEquals(Duration.ofMillis(200), after(1, Up.LOST, SHORT));
    assertEquals(Duration.ofMillis(400), after(2, Up.LOST, SHORT));
    assertEquals(Duration.ofSeconds(10), after(9, Up.LOST, SHORT));
  }

  @Test
  void aNodeThatLivedWellIsStartedAtOnce() {
    assertEquals(Duration.ofMillis(200), after(9, Up.LOST, LONG));
    assertEquals(Duration.ofMillis(200), Supervisor.pause(Duration.ofSeconds(10), 0, LONG));
  }

  @Test
  void aStartThatTookLongToFailWasStillNoLife() {
    assertEquals(Duration.ofSeconds(10), after(9, 1, LONG));
  }
}
