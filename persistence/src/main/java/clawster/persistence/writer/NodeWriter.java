package clawster.persistence.writer;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import clawster.persistence.writer.Waiting.Urgency;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.SessionDirectory.Summary;
import clawster.runtime.sessions.SessionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node: a thread that commits what all sessions have to say, together. Text
 * after a pause goes at once, further text an interval later; what somebody waits for goes at once
 * and takes the rest along. There is never more than one commit under way, and what a commit
 * brought is shown only after it.
 *
 * <p>While the database is away, words of runs wait (their runs wait with them), and notes of new
 * runs are refused, so that nobody waits long for an acknowledgement.
 */
public final class NodeWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeWriter.class);

  private final Map<RunId, Row.Ownership> owned = new HashMap<>();
  private final Waiting waiting = new Waiting();
  private final Commits commits;
  private final Thread thread;

  /**
   * @param committed told what is in the log now, after each commit, by run and in order
   * @param unreachable called now and then while the database is away
   */
  public NodeWriter(
      Database database, Consumer<Map<RunId, List<RunEntry>>> committed, Runnable unreachable) {
    this.commits = new Commits(database, waiting, committed, unreachable);
    this.thread = Thread.ofPlatform().name("clawster-writer").daemon().start(this::run);
  }

  /** Starts a run's log here; nothing happens if it has been started. */
  public void open(RunId run, int epoch, RunPlace place) {
    waiting.locked(() -> owned.putIfAbsent(run, new Row.Ownership(epoch, 1, Optional.of(place))));
  }

  /**
   * Goes on with a log whose tail is {@code tail}; what an earlier owner here still has to write is
   * refused.
   */
  public void take(RunId run, int epoch, long tail) {
    waiting.locked(
        () -> {
          var earlier = owned.put(run, new Row.Ownership(epoch, tail + 1, Optional.empty()));
          if (earlier != null) {
            earlier.lost = true;
          }
        });
  }

  /** Forgets a run; what is on the way is still written. */
  public void close(RunId run) {
    waiting.locked(() -> owned.remove(run));
  }

  /** Completes with the entry's place in the log; fails with {@link RunLost}. */
  public CompletionStage<Long> append(RunId run, int step, RunWord word) {
    return waiting.<CompletionStage<Long>>locked(
        () -> {
          var ownership = owned.get(run);
          if (ownership == null || ownership.lost) {
            return CompletableFuture.failedStage(new RunLost(run));
          }
          var entry = new RunEntry(ownership.nextSeq++, ownership.epoch, step, word);
          var row = new Row(run, ownership, entry);
          waiting.add(batch -> batch.rows.add(row), urgency(word));
          return row.done;
        });
  }

  public CompletionStage<Void> note(SessionId session, RunId run) {
    return note(session, run, Optional.empty());
  }

  /** Fails at once while the database is away, or when too much waits already. */
  public CompletionStage<Void> note(SessionId session, RunId run, Optional<Callers.Asking> asking) {
    return waiting.<CompletionStage<Void>>locked(
        () -> {
          if (commits.isAway()) {
            return CompletableFuture.failedStage(new DatabaseAway("the database is away"));
          }
          if (waiting.isFull()) {
            return CompletableFuture.failedStage(
                new RejectedExecutionException("too much waits to be written"));
          }
          var note = new Batch.Note(session.value(), run, asking, new CompletableFuture<>());
          waiting.add(batch -> batch.notes.add(note), Urgency.NOW);
          return note.done();
        });
  }

  public void settle(RunId run) {
    waiting.add(batch -> batch.settled.add(run), Urgency.LATER);
  }

  /** How it went with one caller of a noted run. */
  public CompletionStage<Void> mark(RunId run, boolean delivered) {
    var mark = new Batch.Mark(run, delivered, false, new CompletableFuture<>());
    waiting.add(batch -> batch.marks.add(mark), Urgency.LATER);
    return mark.done();
  }

  public CompletionStage<Void> show(Summary summary, boolean gone) {
    var line = new Batch.Line(summary, gone, new CompletableFuture<>());
    waiting.add(batch -> batch.lines.add(line), Urgency.LATER);
    return line.done();
  }

  private static Urgency urgency(RunWord word) {
    return switch (word) {
      case RunWord.Accepted _ -> Urgency.LATER;
      case RunWord.Text _, RunWord.Reasoning _ -> Urgency.TEXT;
      case RunWord.Claimed _,
          RunWord.ToolCalled _,
          RunWord.ToolSettled _,
          RunWord.Steered _,
          RunWord.Recovered _,
          RunWord.Interrupted _,
          RunWord.Ending _ ->
          Urgency.NOW;
    };
  }

  private void run() {
    try {
      for (var batch = waiting.next(); !batch.isEmpty(); batch = waiting.next()) {
        commits.commit(batch);
      }
    } catch (InterruptedException e) {
      LOG.debug("Writer stopped");
    } catch (RuntimeException | Error e) {
      LOG.error("The node's writer has a bug; this node cannot go on", e);
      Runtime.getRuntime().halt(70);
    } finally {
      commits.close();
    }
  }

  /** Writes what is waiting and stops; gives up after a few attempts if the database is away. */
  @Override
  public void close() {
    waiting.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
