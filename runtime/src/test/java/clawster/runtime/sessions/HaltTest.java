package clawster.runtime.sessions;

import static clawster.runtime.sessions.Some.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Decision;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HaltTest {

  private static final Owed.ModelCall CALL = new Owed.ModelCall(run(1), 0);
  private static final Message SHOWN = Some.assistant("Hel");

  private final SessionRules rules = new SessionRules();

  /** After these commands, one after the other. */
  private SessionState after(SessionCommand... commands) {
    var state = rules.initial();
    for (var command : commands) {
      if (rules.decide(state, command) instanceof Decision.Happens<SessionEvent>(var events)) {
        state = events.stream().reduce(state, rules::evolve, (_, last) -> last);
      }
    }
    return state;
  }

  @Test
  void onlyWhatEndsTheCurrentRunNeedsAHalt() {
    var state = after(Some.submit(1), Some.submit(2));
    Map.<SessionCommand, Boolean>ofEntries(
            Map.entry(Some.reset(), true),
            Map.entry(Some.delete(), true),
            Map.entry(Some.abortAll(), true),
            Map.entry(Some.abort(1), true),
            Map.entry(Some.abort(2), false),
            Map.entry(Some.abort(3), false),
            Map.entry(Some.submit(3, InputMode.INTERRUPT, Some.user("wait")), true),
            Map.entry(Some.submit(1, InputMode.INTERRUPT, Some.user("wait")), false),
            Map.entry(Some.submit(3), false),
            Map.entry(Some.steer(3), false),
            Map.entry(Some.plain(3), false),
            Map.entry(Some.label("name"), false),
            Map.entry(Some.claim(), false),
            Map.entry(Some.dropAwaited(), false),
            Map.entry(Some.answer(1, 0, "Hello"), false),
            Map.entry(Some.fail(1, 0, Optional.empty()), false),
            Map.entry(Some.settle(1, Some.again("a")), false))
        .forEach(
            (command, needed) ->
                assertEquals(needed, Halt.isNeededFor(state, command), () -> command.toString()));
  }

  @Test
  void aSessionMayInterruptByItself() {
    var state = after(Some.submit(1), Some.mode(InputMode.INTERRUPT));
    assertTrue(Halt.isNeededFor(state, Some.plain(2)));
    assertFalse(Halt.isNeededFor(state, Some.submit(2)));
  }

  @Test
  void itIsAwaitedUntilTheCallHasEnded() {
    var halt = new Halt();
    assertFalse(halt.isAwaited());
    halt.begin();
    assertTrue(halt.isAwaited());
    halt.end();
    assertFalse(halt.isAwaited());
  }

  @Test
  void whatACallHadShownIsOfTheRunThatGoesOn() {
    var halt = new Halt();
    assertEquals(Optional.empty(), halt.shown(after(Some.submit(1))));
    halt.stopped(CALL, Optional.of(SHOWN));
    assertEquals(Optional.of(SHOWN), halt.shown(after(Some.submit(1))));
    assertEquals(Optional.empty(), halt.shown(after(Some.submit(2))));
    assertEquals(Optional.empty(), halt.shown(after()));
  }

  @Test
  void aCallThatWasStoppedDoesNotStartAgain() {
    var halt = new Halt();
    assertFalse(halt.covers(CALL));
    halt.stopped(CALL, Optional.empty());
    assertTrue(halt.covers(CALL));
    assertFalse(halt.covers(new Owed.ModelCall(run(1), 1)));
  }
}
