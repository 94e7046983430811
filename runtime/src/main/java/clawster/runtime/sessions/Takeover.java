package clawster.runtime.sessions;

import clawster.runtime.kernel.Decision;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a new owner comes to the logs of the runs that are open: it claims them in the journal first,
 * and then one by one. Until all are its own no work starts and no run ends.
 */
final class Takeover {

  private final SessionRules rules;
  private boolean done = true;
  private Said said = Said.NOTHING;

  Takeover(SessionRules rules) {
    this.rules = rules;
  }

  void begin(SessionState state) {
    done = state.idle();
  }

  boolean isDone() {
    return done;
  }

  /** How the journal says it. */
  Decision<SessionEvent> claim(SessionState state, Instant at) {
    return rules.decide(state, new SessionCommand.Claim(at));
  }

  /**
   * All logs are ours, except those that have had their time.
   *
   * @return how their runs end
   */
  List<SessionEvent> end(SessionState state, SessionOutput.Claimed claimed, Instant at) {
    done = true;
    said = claimed.said();
    return abort(state, claimed.gone(), at);
  }

  private List<SessionEvent> abort(SessionState state, List<RunId> runs, Instant at) {
    var events = new ArrayList<SessionEvent>();
    for (var run : runs) {
      var abort = new SessionCommand.Abort(Optional.of(run), Optional.empty(), at);
      var after = events.stream().reduce(state, rules::evolve, (_, last) -> last);
      if (rules.decide(after, abort) instanceof Decision.Happens<SessionEvent>(var more)) {
        events.addAll(more);
      }
    }
    return events;
  }

  /** What the current run's log shows of its step; said once, for the first turn to go on from. */
  Said said() {
    var once = said;
    said = Said.NOTHING;
    return once;
  }
}
