package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What can be known of sessions without waking them: the list, their runs, and work that is owed.
 */
public interface SessionDirectory {

  /**
   * One line of the session list.
   *
   * @param revision the journal sequence it was computed from; an older one never replaces a newer
   */
  record Summary(
      SessionId id,
      long revision,
      SessionProfile profile,
      int messageCount,
      long inputTokens,
      long outputTokens,
      long lastPromptTokens,
      Instant created,
      Instant updated) {}

  /**
   * @param agent only this agent's; empty for all
   * @param channel only this channel's; empty for all
   * @param stateless whether stateless calls are wanted too
   */
  record Query(String agent, String channel, boolean stateless, int limit, int offset) {}

  record Page(List<Summary> sessions, long total) {}

  /**
   * @param age how long it has been noted, by the database's clock
   */
  record OwedRun(SessionId session, RunId run, Duration age) {}

  /**
   * Notes that a run may be owed; completes once durable. A note without a run is harmless. Fails
   * with {@link java.util.concurrent.RejectedExecutionException} when too much waits to be written.
   */
  default CompletionStage<Void> owe(SessionId session, RunId run) {
    return owe(session, run, Optional.empty());
  }

  /**
   * Likewise for a request that may come again.
   *
   * @param asking noted with the run unless it has been
   */
  CompletionStage<Void> owe(SessionId session, RunId run, Optional<Callers.Asking> asking);

  /** A run that may have been refused is about to be submitted again: its note counts again. */
  CompletionStage<Void> oweAgain(RunId run);

  /** The run never was, or its log has an ending already. */
  void settle(RunId run);

  /** Shows a session in lists as it is now. Completes once durable. */
  CompletionStage<Void> show(Summary summary);

  CompletionStage<Page> list(Query query);

  /** What callers call these sessions; those that have no line are left out. */
  CompletionStage<Map<SessionId, SessionKey>> keys(Set<SessionId> sessions);

  /**
   * Takes a deleted session out of lists; {@code last} is its line with the revision of the
   * deletion.
   */
  CompletionStage<Void> hide(Summary last);

  /** Likewise where only its id is known; nothing happens if it has no line. */
  CompletionStage<Void> hide(SessionId session, long revision);

  /**
   * Takes a deleted session out of lists, and away what its journal and snapshots have of the time
   * before, readable or not. Completes once durable; fails while storage is away.
   *
   * @param revision the journal sequence of the deletion, which stays
   */
  CompletionStage<Void> bury(SessionId session, long revision);

  /**
   * Runs that are owed, oldest first.
   *
   * @param after the last one seen, from which to go on; empty for the beginning
   */
  CompletionStage<List<OwedRun>> owed(Optional<RunId> after, int limit);

  /** Fails while storage is away. */
  CompletionStage<Void> check();
}
