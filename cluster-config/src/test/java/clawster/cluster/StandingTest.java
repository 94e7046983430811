package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StandingTest {

  private static final Duration SURE_FOR = Duration.ofMinutes(2);

  private final Standing standing = new Standing(SURE_FOR);

  private static long ago(Duration past) {
    return System.nanoTime() - past.toNanos();
  }

  @Test
  void nobodyBeginsAsAMember() {
    assertFalse(standing.isSure());
  }

  @Test
  void whoWasAMemberAMomentAgoIsSure() {
    standing.confirm(System.nanoTime());
    assertTrue(standing.isSure());
    standing.confirm(ago(Duration.ofMinutes(1)));
    assertTrue(standing.isSure());
  }

  @Test
  void afterAWhileItIsSureNoMore() {
    standing.confirm(ago(SURE_FOR));
    assertFalse(standing.isSure());
  }

  @Test
  void itIsTheMomentOfTheQuestionThatCounts() {
    standing.confirm(System.nanoTime());
    standing.confirm(ago(Duration.ofMinutes(3)));
    assertFalse(standing.isSure());
  }

  @Test
  void whoIsNoMemberAnyMoreKnowsAtOnce() {
    standing.confirm(System.nanoTime());
    standing.deny();
    assertFalse(standing.isSure());
  }

  /** It may have looked before it was told, and get the answer after. */
  @Test
  void aLateAnswerMakesNoMember() {
    standing.deny();
    standing.confirm(System.nanoTime());
    assertFalse(standing.isSure());
  }
}
