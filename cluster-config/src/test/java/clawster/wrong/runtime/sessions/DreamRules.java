package clawster.wrong.runtime.sessions;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Decision;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Wrong: a decider that looks at the clock and can reach an actor. */
public final class DreamRules implements Decider<String, Instant, Instant, ActorRef<String>> {

  @Override
  public Instant initial() {
    return Instant.EPOCH;
  }

  @Override
  public Decision<Instant> decide(Instant state, String command) {
    return Decision.happens(Instant.now());
  }

  @Override
  public Instant evolve(Instant state, Instant event) {
    return event;
  }

  @Override
  public List<ActorRef<String>> owed(Instant state) {
    return List.of();
  }
}
