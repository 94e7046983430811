package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.faults.Defect.Kind;
import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import clawster.runtime.sessions.ToolOutcome;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of defect where one is planted, and nothing in a clean record. */
final class CheckerTest {

  private static final String RUN_1 = "00000000-0000-7000-8000-000000000001";
  private static final String RUN_2 = "00000000-0000-7000-8000-000000000002";

  private final Recorded recorded = new Recorded("s");

  private void finds(Kind... kinds) {
    var found = Checker.check(recorded.ops(), recorded.stored(), recorded.heard());
    assertEquals(
        Set.of(kinds),
        found.stream().map(Defect::kind).collect(Collectors.toSet()),
        found.toString());
  }

  private void twoMessages() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.WHOLE, "one");
    recorded.sends(2, Result.ACKNOWLEDGED, RUN_2, Telling.WHOLE, "two");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    recorded.accepts(2, RUN_2).completes(RUN_2, "two");
  }

  private void calls(int number, String run, ToolOutcome outcome, int effects) {
    recorded.sends(number, Result.ACKNOWLEDGED, run, Telling.WHOLE, "done");
    recorded.accepts(number, run).calls(run, "call " + number, outcome, effects);
    recorded.completes(run, "done");
  }

  @Test
  void aCleanRecordIsClean() {
    twoMessages();
    recorded.hears(RUN_1, 1, 2, 3).hears(RUN_2, 1, 2, 3);
    finds();
  }

  @Test
  void anUnknownMessageMayBeThereOrNot() {
    twoMessages();
    recorded.sends(3, Result.UNKNOWN, "", Telling.BROKEN, "");
    finds();
    recorded.accepts(3, Recorded.run(3)).completes(Recorded.run(3), "three");
    finds();
  }

  @Test
  void lost() {
    twoMessages();
    recorded.sends(3, Result.ACKNOWLEDGED, "", Telling.BROKEN, "");
    finds(Kind.LOST);
  }

  @Test
  void doubled() {
    twoMessages();
    recorded.accepts(2, Recorded.run(3)).completes(Recorded.run(3), "two again");
    finds(Kind.DOUBLED);
  }

  @Test
  void anUnknownMessageTwiceIsDoubledToo() {
    recorded.sends(1, Result.UNKNOWN, "", Telling.BROKEN, "");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    recorded.accepts(1, RUN_2).completes(RUN_2, "one");
    finds(Kind.DOUBLED);
  }

  @Test
  void reordered() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.WHOLE, "one");
    recorded.sends(2, Result.ACKNOWLEDGED, RUN_2, Telling.WHOLE, "two");
    recorded.accepts(2, RUN_2).completes(RUN_2, "two");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    finds(Kind.REORDERED);
  }

  @Test
  void whatIsSentAgainStaysWhereItWas() {
    twoMessages();
    recorded.sends(1, 30, Result.ACKNOWLEDGED, RUN_1, Telling.WHOLE, "one");
    finds();
  }

  @Test
  void aPhantomIsWhatNobodySent() {
    twoMessages();
    recorded.accepts(3, Recorded.run(3)).completes(Recorded.run(3), "three");
    finds(Kind.PHANTOM);
  }

  @Test
  void aPhantomIsWhatWasRefused() {
    twoMessages();
    recorded.sends(3, Result.REFUSED, "", Telling.INTERRUPTED, "");
    recorded.accepts(3, Recorded.run(3)).completes(Recorded.run(3), "three");
    finds(Kind.PHANTOM);
  }

  @Test
  void twoAnswers() {
    twoMessages();
    recorded.answersAgain(RUN_2);
    finds(Kind.TWO_ANSWERS);
  }

  @Test
  void noEnd() {
    twoMessages();
    recorded.sends(3, Result.ACKNOWLEDGED, Recorded.run(3), Telling.BROKEN, "");
    recorded.accepts(3, Recorded.run(3));
    finds(Kind.NOT_ONE_END);
  }

  @Test
  void twoEnds() {
    twoMessages();
    recorded.endsAgain(RUN_2);
    finds(Kind.NOT_ONE_END);
  }

  @Test
  void anEffectTwice() {
    calls(1, RUN_1, ToolOutcome.OK, 2);
    finds(Kind.EFFECT);
  }

  @Test
  void anEffectWithUnknownOutcomeMayBeThereOrNot() {
    calls(1, RUN_1, ToolOutcome.UNKNOWN, 0);
    calls(2, RUN_2, ToolOutcome.UNKNOWN, 1);
    finds();
  }

  @Test
  void anEffectThatNobodyIntended() {
    twoMessages();
    recorded.takesEffect("call", 1);
    finds(Kind.EFFECT);
  }

  @Test
  void aGoodResultWithoutAnEffect() {
    calls(1, RUN_1, ToolOutcome.OK, 0);
    finds(Kind.RESULT);
  }

  @Test
  void aWholeAnswerThatIsNotWhatIsKept() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.WHOLE, "on");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    finds(Kind.TRANSCRIPT);
  }

  @Test
  void aBrokenAnswerIsABeginning() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.BROKEN, "on");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    finds();
  }

  @Test
  void aBrokenAnswerThatIsNoBeginning() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.BROKEN, "onon");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    finds(Kind.TRANSCRIPT);
  }

  @Test
  void whoIsToldThatItWasInterruptedMayHaveHeardOtherWords() {
    recorded.sends(1, Result.ACKNOWLEDGED, RUN_1, Telling.INTERRUPTED, "something else");
    recorded.accepts(1, RUN_1).completes(RUN_1, "one");
    finds();
  }

  @Test
  void anEventHeardTwice() {
    twoMessages();
    recorded.hears(RUN_1, 1, 2, 2, 3).hears(RUN_2, 1, 2, 3);
    finds(Kind.EVENTS);
  }

  @Test
  void anEventMissed() {
    twoMessages();
    recorded.hears(RUN_1, 1, 3).hears(RUN_2, 1, 2, 3);
    finds(Kind.EVENTS);
  }

  @Test
  void aRunMissed() {
    twoMessages();
    recorded.hears(RUN_1, 1, 2, 3);
    finds(Kind.EVENTS);
  }

  @Test
  void aListenerThatHearsNothing() {
    twoMessages();
    recorded.listens(RUN_1);
    finds(Kind.EVENTS);
  }

  @Test
  void aFirstRunMissed() {
    twoMessages();
    recorded.listens(RUN_1).hears(RUN_2, 1, 2, 3);
    finds(Kind.EVENTS);
  }

  @Test
  void whatWasBeforeAListenerCameIsNotMissed() {
    twoMessages();
    recorded.hears(RUN_2, 1, 2, 3);
    finds();
  }

  @Test
  void otherWordsHeard() {
    twoMessages();
    recorded.hearsWrongly(RUN_1);
    recorded.hears(RUN_2, 1, 2, 3);
    finds(Kind.EVENTS);
  }

  @Test
  void aGapInTheJournal() {
    twoMessages();
    recorded.skipsARow();
    recorded.sends(3, Result.ACKNOWLEDGED, Recorded.run(3), Telling.WHOLE, "three");
    recorded.accepts(3, Recorded.run(3)).completes(Recorded.run(3), "three");
    finds(Kind.GAP);
  }

  @Test
  void anApiThatTellsAnotherStory() {
    twoMessages();
    recorded.forgetsTheLastMessage();
    finds(Kind.DISAGREEMENT);
  }
}
