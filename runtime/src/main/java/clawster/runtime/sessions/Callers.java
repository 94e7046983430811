package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who waits for the answers of runs, where the request may come again: the cluster's truth on
 * whether somebody still does. A run is noted with one caller, see {@link SessionDirectory#owe}.
 *
 * <pre>
 *   waited for ──left──▶ lost ──rejoin, join──▶ waited for
 *       │                 └──abandon──▶ closed
 *       └──delivered──▶ closed
 * </pre>
 */
public interface Callers {

  /** How long after its beginning a run can be rejoined. */
  Duration REJOINED_WITHIN = Duration.ofMinutes(2);

  /**
   * A request that may come again.
   *
   * @param node whose connection it came on
   */
  record Asking(RequestHash request, String node) {}

  /** As it is to be noted with its run. */
  Asking asking(RequestHash request);

  /** A caller has gone without its answer. Completes once durable. */
  CompletionStage<Void> left(RunId run);

  /** A caller who had not gone has the whole answer. Durable soon. */
  void delivered(RunId run);

  /**
   * One more waits for this run, which another has begun or is about to: both are noted if the run
   * is not yet. Completes once durable.
   *
   * @param asking who joins
   */
  CompletionStage<Void> join(SessionId session, RunId run, Asking asking);

  /**
   * Joins the newest run that was begun by the same request not long ago and whose answer reached
   * nobody: all who waited have gone, or the node that they waited on. No run is given to two.
   */
  CompletionStage<Optional<RunId>> rejoin(RequestHash request);

  /** Gives a run up that nobody waits for; false if somebody does, or nobody needs to. */
  CompletionStage<Boolean> abandon(RunId run);
}
