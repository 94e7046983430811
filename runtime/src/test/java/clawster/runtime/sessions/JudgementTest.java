package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Decision;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class JudgementTest {

  private static final SessionId ID = SessionId.of(Some.PROFILE.key());
  private static final SessionEvent OPENED = new SessionEvent.Opened(Some.PROFILE, Some.NOON);

  private final SessionRules rules = new SessionRules();
  private final Judgement judgement = new Judgement(ID, rules);

  /** Rules with a bug: whatever they are told, this happens. */
  private record Buggy(List<SessionEvent> events)
      implements Decider<SessionCommand, SessionEvent, SessionState, Owed> {

    @Override
    public SessionState initial() {
      return new SessionRules().initial();
    }

    @Override
    public Decision<SessionEvent> decide(SessionState state, SessionCommand command) {
      return Decision.happens(List.of(events.getFirst(), events.get(1)));
    }

    @Override
    public SessionState evolve(SessionState state, SessionEvent event) {
      return new SessionRules().evolve(state, event);
    }

    @Override
    public List<Owed> owed(SessionState state) {
      return List.of();
    }
  }

  @Test
  void whereThereIsNoBugItSaysWhatTheRulesSay() {
    for (var command : List.of(Some.submit(1), Some.label("x"), Some.abortAll(), Some.claim())) {
      assertEquals(
          rules.decide(rules.initial(), command), judgement.decide(rules.initial(), command));
    }
    assertFalse(Judgement.isFault(judgement.decide(rules.initial(), Some.label("x"))));
  }

  @Test
  void aBugInDecidingIsAFault() {
    var buggy = new Judgement(ID, new Buggy(List.of()));
    var decision = buggy.decide(rules.initial(), Some.submit(1));
    assertTrue(Judgement.isFault(decision));
    assertEquals(Decision.refused(Judgement.fault(ID)), decision);
  }

  private static final Owed.ModelCall CALL = new Owed.ModelCall(Some.run(1), 0);

  private static final Settlement FAILED =
      Settlement.of(
          CALL,
          new ModelTurn.Outcome.Failed("upstream.timeout", "no token", Optional.empty()),
          Some.NOON);

  /** Rules that throw at some commands. */
  private Judgement thatCannotTake(Predicate<SessionCommand> command) {
    return new Judgement(
        ID,
        new Decider<>() {
          @Override
          public SessionState initial() {
            return rules.initial();
          }

          @Override
          public Decision<SessionEvent> decide(SessionState state, SessionCommand told) {
            if (command.test(told)) {
              throw new IllegalArgumentException("a bug");
            }
            return rules.decide(state, told);
          }

          @Override
          public SessionState evolve(SessionState state, SessionEvent event) {
            return rules.evolve(state, event);
          }

          @Override
          public List<Owed> owed(SessionState state) {
            return rules.owed(state);
          }
        });
  }

  @Test
  void workIsSettledAsItWentUnlessABugForbids() {
    var state = Told.given(Some.submit(1)).state();
    assertEquals(
        rules.decide(state, FAILED.command()), thatCannotTake(_ -> false).decide(state, FAILED));
    assertEquals(
        rules.decide(state, Some.abort(1)),
        thatCannotTake(SessionCommand.FailModel.class::isInstance).decide(state, FAILED));
  }

  @Test
  void workThatCannotBeSettledIsABug() {
    var state = Told.given(Some.submit(1)).state();
    var judge = thatCannotTake(_ -> true);
    assertThrows(IllegalStateException.class, () -> judge.decide(state, FAILED));
  }

  @Test
  void anEventThatCannotFollowSaysSo() {
    var refused =
        assertThrows(
            Unreadable.EventRefused.class,
            () -> judgement.evolve(rules.initial(), new SessionEvent.Reset(Some.NOON)));
    assertTrue(refused.getMessage().startsWith("Reset cannot follow"), refused.getMessage());
  }

  @Test
  void eventsThatCannotFollowEachOtherAreAFault() {
    var buggy = new Judgement(ID, new Buggy(List.of(OPENED, OPENED)));
    assertTrue(Judgement.isFault(buggy.decide(rules.initial(), Some.submit(1))));
  }
}
