package clawster.cluster;

import static clawster.cluster.Some.census;
import static clawster.cluster.Some.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EarlyTakeOverTest {

  private static final Duration SETTLED = Duration.ofSeconds(15);
  private static final Member ME = member(1, State.UP, true);

  @ParameterizedTest
  @EnumSource(State.class)
  void onlyMembersAreMissed(State state) {
    var silent = member(2, state, false);
    boolean missed = state == State.UP || state == State.LEAVING;
    assertEquals(
        missed ? List.of(silent) : List.of(), EarlyTakeOver.suspects(census(SETTLED, ME, silent)));
  }

  @Test
  void whoGivesASignOfLifeIsNotMissed() {
    assertEquals(List.of(), EarlyTakeOver.suspects(census(SETTLED, ME, member(2, State.UP, true))));
  }

  @Test
  void soonAfterAStartOfTheDatabaseNobodyIsMissed() {
    var census = census(SETTLED.minusMillis(1), ME, member(2, State.UP, false));
    assertEquals(List.of(), EarlyTakeOver.suspects(census));
  }

  @ParameterizedTest
  @CsvSource({"UP, false", "STARTING, true", "LEAVING, true", "REMOVED, true"})
  void whoIsNotSureOfItselfMissesNobody(State mine, boolean alive) {
    var census = census(SETTLED, member(1, mine, alive), member(2, State.UP, false));
    assertEquals(List.of(), EarlyTakeOver.suspects(census));
  }

  @Test
  void whoHasNoRowMissesNobody() {
    assertEquals(List.of(), EarlyTakeOver.suspects(census(SETTLED, member(2, State.UP, false))));
  }
}
