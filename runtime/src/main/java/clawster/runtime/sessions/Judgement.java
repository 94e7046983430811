package clawster.runtime.sessions;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the rules so that a bug in them is an answer: an exception harms nothing yet, for nothing
 * has been written or done. What the events lead to is worked out too, so that none gets into the
 * journal that could not be taken out of it.
 */
final class Judgement {

  private static final Logger LOG = LoggerFactory.getLogger(Judgement.class);

  private final SessionId id;
  private final Decider<SessionCommand, SessionEvent, SessionState, Owed> rules;

  Judgement(SessionId id, Decider<SessionCommand, SessionEvent, SessionState, Owed> rules) {
    this.id = id;
    this.rules = rules;
  }

  /** What the rules say, or {@link SessionProblems#FAULT}. */
  Decision<SessionEvent> decide(SessionState state, SessionCommand command) {
    try {
      var decision = rules.decide(state, command);
      if (decision instanceof Decision.Happens<SessionEvent>(var events)) {
        events.stream().reduce(state, rules::evolve, (_, last) -> last);
      }
      return decision;
    } catch (RuntimeException bug) {
      LOG.error("Session {} cannot take {}", id, command.getClass().getSimpleName(), bug);
      return Decision.refused(fault(id));
    }
  }

  /** Likewise what the rules say of work that is done; it must be one thing or the other. */
  Decision<SessionEvent> decide(SessionState state, Settlement settlement) {
    var decision = decide(state, settlement.command());
    if (isFault(decision)) {
      decision = decide(state, settlement.otherwise());
    }
    if (isFault(decision)) {
      throw new IllegalStateException(
          "neither " + settlement.command().getClass() + " nor its alternative");
    }
    return decision;
  }

  /** A journal is read with this: it says whose fault it is that it cannot be. */
  SessionState evolve(SessionState state, SessionEvent event) {
    try {
      return rules.evolve(state, event);
    } catch (RuntimeException e) {
      throw new Unreadable.EventRefused(event, e);
    }
  }

  static boolean isFault(Decision<SessionEvent> decision) {
    return decision instanceof Decision.Refused<SessionEvent>(var problem)
        && problem.code().equals(SessionProblems.FAULT.code());
  }

  static Problem fault(SessionId id) {
    return SessionProblems.FAULT.with("session", id.toString());
  }
}
