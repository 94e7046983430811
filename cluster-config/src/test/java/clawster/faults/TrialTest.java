package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a trial demands is not had by who stops serving; message n is sent at 10n, until 10n+5. */
final class TrialTest {

  private final Recorded recorded = new Recorded("s");
  private final Recorded other = new Recorded("t");

  private static void sends(Recorded by, int number, Result result) {
    by.sends(number, result, "", Telling.BROKEN, "");
  }

  private Trial trial(long over, long ended) {
    var ops = new java.util.ArrayList<>(recorded.ops());
    ops.addAll(other.ops());
    var course = new Course(5, over, ended);
    return new Trial(FaultPlan.of("row"), course, ops, recorded.stored(), List.of(), 0);
  }

  private static long silence(Trial trial) {
    return trial.longestSilence().toNanos();
  }

  @Test
  void silenceIsTheTimeBetweenAcknowledgements() {
    sends(recorded, 1, Result.ACKNOWLEDGED);
    sends(recorded, 4, Result.ACKNOWLEDGED);
    assertEquals(30, silence(trial(45, 46)));
  }

  @Test
  void silenceLastsToTheEndOfTheLoad() {
    sends(recorded, 1, Result.ACKNOWLEDGED);
    sends(recorded, 2, Result.REFUSED);
    sends(recorded, 9, Result.UNKNOWN);
    var refusedForEver = trial(20, 100);
    assertEquals(85, silence(refusedForEver));
    assertThrows(AssertionError.class, () -> refusedForEver.mustBeBackWithin(Duration.ofNanos(84)));
    refusedForEver.mustBeBackWithin(Duration.ofNanos(85));
  }

  @Test
  void silenceBeginsWithTheLoad() {
    sends(recorded, 7, Result.ACKNOWLEDGED);
    assertEquals(70, silence(trial(0, 70)));
  }

  @Test
  void whoseAcknowledgementCameAfterTheEndWaitedForIt() {
    sends(recorded, 1, Result.ACKNOWLEDGED);
    sends(recorded, 9, Result.ACKNOWLEDGED);
    assertEquals(80, silence(trial(50, 60)));
  }

  @Test
  void withoutAnyAcknowledgementAllIsSilence() {
    sends(recorded, 1, Result.REFUSED);
    assertEquals(95, silence(trial(50, 100)));
  }

  @Test
  void whatWasSentBeforeTheLastFaultWasOverIsNotServedAfterwards() {
    sends(recorded, 1, Result.ACKNOWLEDGED);
    assertThrows(AssertionError.class, () -> trial(11, 100).mustServeAfterwards(1));
    trial(10, 100).mustServeAfterwards(1);
  }

  @Test
  void everySessionIsServedAfterwards() {
    sends(recorded, 2, Result.ACKNOWLEDGED);
    sends(other, 1, Result.ACKNOWLEDGED);
    sends(other, 2, Result.REFUSED);
    assertThrows(AssertionError.class, () -> trial(15, 100).mustServeAfterwards(2));
    sends(other, 3, Result.ACKNOWLEDGED);
    trial(15, 100).mustServeAfterwards(2);
  }

  @Test
  void whoeverGotNoAnswerWasNotPutOff() {
    sends(recorded, 1, Result.ACKNOWLEDGED);
    trial(0, 20).mustPutOffWithin(Duration.ofNanos(5));
    assertThrows(AssertionError.class, () -> trial(0, 20).mustPutOff(1));
    sends(recorded, 2, Result.UNKNOWN);
    assertThrows(AssertionError.class, () -> trial(0, 30).mustPutOffWithin(Duration.ofNanos(5)));
  }

  @Test
  void whoIsPutOffIsPutOffSoon() {
    recorded.isPutOff(1);
    trial(0, 20).mustPutOff(1).mustPutOffWithin(Duration.ofNanos(5));
    assertThrows(AssertionError.class, () -> trial(0, 30).mustPutOffWithin(Duration.ofNanos(4)));
  }
}
