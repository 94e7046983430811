package clawster.runtime.sessions;

import static clawster.runtime.sessions.Some.NOON;
import static clawster.runtime.sessions.Some.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Decision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TakeoverTest {

  private static final Said SAID = new Said("Hel", "", true);

  private final SessionRules rules = new SessionRules();
  private final Takeover takeover = new Takeover(rules);

  private SessionState after(SessionCommand... commands) {
    var state = rules.initial();
    for (var command : commands) {
      state =
          after(state, ((Decision.Happens<SessionEvent>) rules.decide(state, command)).events());
    }
    return state;
  }

  private SessionState after(SessionState state, List<SessionEvent> events) {
    return events.stream().reduce(state, rules::evolve, (_, last) -> last);
  }

  @Test
  void whereNothingIsOpenNothingIsTakenOver() {
    takeover.begin(rules.initial());
    assertTrue(takeover.isDone());
    takeover.begin(after(Some.submit(1), Some.abort(1)));
    assertTrue(takeover.isDone());
    assertEquals(Said.NOTHING, takeover.said());
  }

  @Test
  void theLogsOfOpenRunsAreClaimedFirst() {
    var state = after(Some.submit(1));
    takeover.begin(state);
    assertFalse(takeover.isDone());
    var claimed = (Decision.Happens<SessionEvent>) takeover.claim(state, NOON);
    assertEquals(2, after(state, claimed.events()).epoch());
    assertEquals(List.of(), takeover.end(state, new SessionOutput.Claimed(SAID, List.of()), NOON));
    assertTrue(takeover.isDone());
  }

  @Test
  void whatWasSaidIsGoneOnFromOnce() {
    var state = after(Some.submit(1));
    takeover.begin(state);
    takeover.end(state, new SessionOutput.Claimed(SAID, List.of()), NOON);
    assertEquals(SAID, takeover.said());
    assertEquals(Said.NOTHING, takeover.said());
  }

  @Test
  void runsWhoseLogsAreGoneEnd() {
    var state = after(Some.submit(1), Some.submit(2), Some.submit(3));
    takeover.begin(state);
    var claimed = new SessionOutput.Claimed(Said.NOTHING, List.of(run(1), run(3), run(9)));
    var open = (SessionState.Open) after(state, takeover.end(state, claimed, NOON));
    assertEquals(Optional.of(run(2)), open.current().map(SessionState.Run::id));
    assertEquals(1, open.openRuns());
  }
}
