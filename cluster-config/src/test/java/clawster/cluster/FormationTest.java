package clawster.cluster;

import static clawster.cluster.Some.census;
import static clawster.cluster.Some.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FormationTest {

  private static final Duration LONG = Formation.DOUBT;
  private static final Duration SHORT = Formation.DOUBT.minusMillis(1);

  private static Formation next(Census census, boolean dead, Duration waited) {
    return Formation.next(census, _ -> dead, waited);
  }

  @Test
  void whoIsAloneBegins() {
    assertEquals(new Formation.Begin(), next(census(LONG), false, Duration.ZERO));
  }

  @Test
  void whoStartsBesideOthersThatStartBegins() {
    var census = census(LONG, member(2, State.STARTING, true), member(3, State.STARTING, false));
    assertEquals(new Formation.Begin(), next(census, false, Duration.ZERO));
  }

  @Test
  void membersThatServeAreJoined() {
    var serving = member(2, State.UP, true);
    var census = census(LONG, serving, member(3, State.UP, false), member(4, State.LEAVING, true));
    assertEquals(new Formation.Join(List.of(serving)), next(census, true, Duration.ZERO));
  }

  @Test
  void aMemberThatIsSurelyDeadIsNoReasonToWait() {
    var census = census(Duration.ZERO, member(2, State.UP, false));
    assertEquals(new Formation.Begin(), next(census, true, Duration.ZERO));
  }

  @Test
  void aMemberWithoutItsConnectionMayLive() {
    var doubtful = member(2, State.UP, false);
    var wait = new Formation.Wait(List.of(doubtful));
    assertEquals(wait, next(census(LONG, doubtful), false, SHORT));
    assertEquals(wait, next(census(SHORT, doubtful), false, LONG));
    assertEquals(new Formation.Begin(), next(census(LONG, doubtful), false, LONG));
  }

  @Test
  void aMemberThatLeavesIsWaitedForAsLongAsItLives() {
    Member leaving = member(2, State.LEAVING, true);
    var wait = new Formation.Wait(List.of(leaving));
    assertEquals(wait, next(census(LONG, leaving), true, LONG.multipliedBy(3)));
  }

  @Test
  void whoWasRemovedIsNotAMember() {
    assertEquals(
        new Formation.Begin(),
        next(census(LONG, member(2, State.REMOVED, true)), false, Duration.ZERO));
  }
}
