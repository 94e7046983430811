package clawster.runtime.runs;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Where run logs are kept. One instance per node writes; any node reads. */
public interface RunLog {

  /** Runs that are listed at once. */
  int PAGE = 100;

  /**
   * Starts the log of a fresh run on this node: the next append is entry 1. Cheap, and writes
   * nothing.
   */
  void open(RunId run, int epoch, RunPlace place);

  /**
   * Takes over a run's log: commits a {@link RunWord.Claimed} at its tail, which fences every
   * earlier owner, and returns all entries up to and with it. Fails with {@link RunGone} if the log
   * has had its time.
   *
   * @param place where the run stands, should its log not have begun
   */
  CompletionStage<List<RunEntry>> claim(RunId run, int epoch, RunPlace place);

  /**
   * Appends one word; words of a run keep the order of calls. Completes with the sequence number
   * once committed and shown. Fails with {@link RunLost} if another owner has claimed the run. An
   * ending settles the run in the same commit: nobody owes it any more.
   */
  CompletionStage<Long> append(RunId run, int step, RunWord word);

  /** Forgets a run this node wrote, whose ending has been appended. */
  void close(RunId run);

  /**
   * Forgets a run this node wrote, which goes on: its owner stops, and another one will claim it.
   */
  void release(RunId run);

  /**
   * Entries with {@code seq > after} in order, at most {@code limit}. Needs no owner to be awake.
   */
  CompletionStage<List<RunEntry>> read(RunId run, long after, int limit);

  /**
   * A session's runs whose logs have begun, in that order, at most {@value #PAGE}.
   *
   * @param after the run behind which to begin; empty, or if its log has had its time, for all
   */
  CompletionStage<List<RunId>> runs(UUID session, Optional<RunId> after);

  /** The last of them. */
  CompletionStage<Optional<RunId>> newest(UUID session);

  /** Whether a run is one of them. */
  CompletionStage<Boolean> hasBegun(UUID session, RunId run);
}
