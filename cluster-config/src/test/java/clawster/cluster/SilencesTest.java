package clawster.cluster;

import static clawster.cluster.Some.census;
import static clawster.cluster.Some.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SilencesTest {

  private static final Member SILENT = member(2, State.UP, false);
  private static final Member ALIVE = member(2, State.UP, true);

  private final Silences silences = new Silences();

  private void look(long second, Member... members) {
    silences.look(census(Duration.ZERO, members), nanos(second));
  }

  private static long nanos(long second) {
    return Duration.ofSeconds(second).toNanos();
  }

  private void assertSilentFor(long seconds, long at) {
    assertEquals(Duration.ofSeconds(seconds), silences.of(SILENT, nanos(at)));
  }

  @Test
  void aMomentOfSilenceAfterALongWatchIsAMoment() {
    look(0, ALIVE);
    look(60, SILENT);
    assertSilentFor(0, 60);
    look(65, SILENT);
    assertSilentFor(5, 65);
  }

  @Test
  void aSignOfLifeEndsIt() {
    look(0, SILENT);
    look(5, ALIVE);
    look(6, SILENT);
    assertSilentFor(1, 7);
  }

  @Test
  void whoWasNeverSeenSilentHasNotBeen() {
    assertSilentFor(0, 7);
    look(0, member(3, State.UP, false));
    assertSilentFor(0, 7);
  }
}
