package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Decision;
import java.util.List;
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

  @Test
  void eventsThatCannotFollowEachOtherAreAFault() {
    var buggy = new Judgement(ID, new Buggy(List.of(OPENED, OPENED)));
    assertTrue(Judgement.isFault(buggy.decide(rules.initial(), Some.submit(1))));
  }
}
