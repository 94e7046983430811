package clawster.cluster;

import static clawster.cluster.Some.census;
import static clawster.cluster.Some.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.cluster.Doorbell.Answer;
import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FormationTest {

  private static final Duration LONG = Formation.DOUBT;
  private static final Duration SHORT = Formation.DOUBT.minusMillis(1);

  private static Formation next(Census census, Answer doorbell, Duration silent) {
    return Formation.next(census, _ -> silent, _ -> doorbell);
  }

  private static Formation next(Census census) {
    return next(census, Answer.UNKNOWN, Duration.ZERO);
  }

  private static Member at(String address, int number, State state, boolean alive) {
    return new Member(number, "node", address, number, "", state, alive);
  }

  @Test
  void whoIsAloneBegins() {
    assertEquals(new Formation.Begin(), next(census(LONG)));
  }

  @Test
  void whoStartsBesideOthersThatStartBegins() {
    var census = census(LONG, member(2, State.STARTING, true), member(3, State.STARTING, false));
    assertEquals(new Formation.Begin(), next(census));
  }

  @Test
  void membersThatServeAreJoined() {
    var serving = member(2, State.UP, true);
    var census = census(LONG, serving, member(3, State.UP, false), member(4, State.LEAVING, true));
    assertEquals(new Formation.Join(List.of(serving)), next(census, Answer.GONE, LONG));
  }

  @Test
  void aMemberThatIsSurelyDeadIsNoReasonToWait() {
    var census = census(Duration.ZERO, member(2, State.UP, false));
    assertEquals(new Formation.Begin(), next(census, Answer.GONE, Duration.ZERO));
  }

  @Test
  void aMemberWithoutItsConnectionMayLive() {
    var doubtful = member(2, State.UP, false);
    var wait = new Formation.Wait(List.of(doubtful));
    assertEquals(wait, next(census(LONG, doubtful), Answer.UNKNOWN, SHORT));
    assertEquals(wait, next(census(SHORT, doubtful), Answer.UNKNOWN, LONG));
    assertEquals(new Formation.Begin(), next(census(LONG, doubtful), Answer.UNKNOWN, LONG));
  }

  @Test
  void howLongEachHasBeenSilentCounts() {
    var dead = member(2, State.UP, false);
    var doubtful = member(3, State.UP, false);
    var next =
        Formation.next(
            census(LONG, dead, doubtful),
            member -> member.equals(dead) ? LONG : SHORT,
            _ -> Answer.UNKNOWN);
    assertEquals(new Formation.Wait(List.of(doubtful)), next);
  }

  @Test
  void whereSomebodyListensTheDoubtLastsLonger() {
    var doubtful = member(2, State.UP, false);
    var census = census(LONG, doubtful);
    var wait = new Formation.Wait(List.of(doubtful));
    assertEquals(wait, next(census, Answer.HOME, Formation.DOUBT_AT_HOME.minusMillis(1)));
    assertEquals(new Formation.Begin(), next(census, Answer.HOME, Formation.DOUBT_AT_HOME));
  }

  @Test
  void whoseAddressALaterProcessHasIsDead() {
    var ghost = at("node-b:1", 2, State.UP, false);
    var later = at("node-b:1", 4, State.STARTING, true);
    assertEquals(new Formation.Begin(), next(census(LONG, ghost, later), Answer.HOME, SHORT));
    for (var none :
        List.of(
            at("node-b:1", 4, State.STARTING, false),
            at("node-b:2", 4, State.STARTING, true),
            at("node-b:1", 1, State.STARTING, true))) {
      var wait = new Formation.Wait(List.of(ghost));
      assertEquals(wait, next(census(LONG, ghost, none), Answer.HOME, SHORT));
    }
  }

  @Test
  void whoWasHereBeforeIsNotJoined() {
    var self = at("node-a:1", 1, State.STARTING, true);
    var ghost = at("node-a:1", 0, State.UP, true);
    var other = at("node-b:1", 2, State.UP, true);
    assertEquals(new Formation.Join(List.of(other)), next(census(LONG, ghost, other, self)));
    assertEquals(new Formation.Wait(List.of(ghost)), next(census(LONG, ghost, self)));
  }

  @Test
  void aMemberThatLeavesIsWaitedForAsLongAsItLives() {
    Member leaving = member(2, State.LEAVING, true);
    var wait = new Formation.Wait(List.of(leaving));
    assertEquals(wait, next(census(LONG, leaving), Answer.GONE, LONG.multipliedBy(5)));
  }

  @Test
  void whoWasRemovedIsNotAMember() {
    assertEquals(new Formation.Begin(), next(census(LONG, member(2, State.REMOVED, true))));
  }
}
