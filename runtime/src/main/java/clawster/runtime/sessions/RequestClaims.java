package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Which run a request with an idempotency key is about: that of the first who claimed the key, on
 * whichever node.
 */
public interface RequestClaims {

  /** How long a key stays claimed. */
  Duration KEPT = Duration.ofHours(24);

  /**
   * @param session where the run is, or was to be
   */
  record Claim(RequestHash request, RunId run, SessionKey session) {}

  /**
   * The claim that counts.
   *
   * @param forgotten whether its session has been reset or deleted since
   */
  record Held(Claim claim, boolean forgotten) {}

  /** Claims a key unless it is claimed. Durable when it completes. */
  CompletionStage<Held> claim(String principal, String key, Claim claim);

  /** What was said in a session is not to be said again. */
  CompletionStage<Void> forget(SessionKey session);
}
