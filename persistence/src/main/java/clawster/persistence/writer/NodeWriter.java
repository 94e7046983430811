package clawster.persistence.writer;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.SessionDirectory.Summary;
import clawster.runtime.sessions.SessionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

  /** Least time between two commits made for text, and most that anything waits. */
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How soon something is to be written; the most urgent of what waits decides for all of it. */
  private enum Urgency {
    /** With whatever comes next, or an interval later. */
    LATER,
    /** At once, unless text was written less than an interval ago. */
    TEXT,
    NOW
  }

  private static final int MAX_BATCH = 10_000;

  /** What may wait; beyond this new runs are refused. */
  private static final int MAX_WAITING = 100_000;

  private static final long[] RECONNECT_MILLIS = {50, 100, 200, 500, 1_000};

  private static final String UNIQUE_VIOLATION = "23505";

  /** SQLSTATE classes: data exception, constraint violation, limit exceeded. */
  private static final Set<String> REFUSALS = Set.of("22", "23", "54");

  private final Database database;
  private final Consumer<Map<RunId, List<RunEntry>>> committed;
  private final Runnable unreachable;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Map<RunId, Row.Ownership> owned = new HashMap<>();
  private final Thread thread;
  private Batch waiting = new Batch();
  private Urgency urgency = Urgency.LATER;
  private long waitingSince;
  private long lastText = System.nanoTime() - INTERVAL_NANOS;
  private boolean closed;
  private volatile boolean away;
  private Connection connection;
  private BatchSql sql;

  /**
   * @param committed told what is in the log now, after each commit, by run and in order
   * @param unreachable called now and then while the database is away
   */
  public NodeWriter(
      Database database, Consumer<Map<RunId, List<RunEntry>>> committed, Runnable unreachable) {
    this.database = database;
    this.committed = committed;
    this.unreachable = unreachable;
    this.thread = Thread.ofPlatform().name("clawster-writer").daemon().start(this::run);
  }

  /** Starts a run's log here; nothing happens if it has been started. */
  public void open(RunId run, int epoch, RunPlace place) {
    locked(() -> owned.putIfAbsent(run, new Row.Ownership(epoch, 1, Optional.of(place))));
  }

  /**
   * Goes on with a log whose tail is {@code tail}; what an earlier owner here still has to write is
   * refused.
   */
  public void take(RunId run, int epoch, long tail) {
    locked(
        () -> {
          var earlier = owned.put(run, new Row.Ownership(epoch, tail + 1, Optional.empty()));
          if (earlier != null) {
            earlier.lost = true;
          }
        });
  }

  /** Forgets a run; what is on the way is still written. */
  public void close(RunId run) {
    locked(() -> owned.remove(run));
  }

  public CompletionStage<Long> append(RunId run, int step, RunWord word) {
    lock.lock();
    try {
      var ownership = owned.get(run);
      if (ownership == null || ownership.lost) {
        return CompletableFuture.failedStage(new RunLost(run));
      }
      var row =
          new Row(run, ownership, new RunEntry(ownership.nextSeq++, ownership.epoch, step, word));
      waiting.rows.add(row);
      signal(urgency(word));
      return row.done;
    } finally {
      lock.unlock();
    }
  }

  public CompletionStage<Void> note(SessionId session, RunId run) {
    return note(session, run, Optional.empty());
  }

  /** Fails at once while the database is away, or when too much waits already. */
  public CompletionStage<Void> note(SessionId session, RunId run, Optional<Callers.Asking> asking) {
    lock.lock();
    try {
      if (away) {
        return CompletableFuture.failedStage(new DatabaseAway("the database is away"));
      }
      if (waiting.size() > MAX_WAITING) {
        return CompletableFuture.failedStage(
            new RejectedExecutionException("too much waits to be written"));
      }
      var note = new Batch.Note(session.value(), run, asking, new CompletableFuture<>());
      waiting.notes.add(note);
      signal(Urgency.NOW);
      return note.done();
    } finally {
      lock.unlock();
    }
  }

  public void settle(RunId run) {
    locked(
        () -> {
          waiting.settled.add(run);
          signal(Urgency.LATER);
        });
  }

  /** How it went with one caller of a noted run. */
  public CompletionStage<Void> mark(RunId run, boolean delivered) {
    var mark = new Batch.Mark(run, delivered, false, new CompletableFuture<>());
    locked(
        () -> {
          waiting.marks.add(mark);
          signal(Urgency.LATER);
        });
    return mark.done();
  }

  public CompletionStage<Void> show(Summary summary, boolean gone) {
    var line = new Batch.Line(summary, gone, new CompletableFuture<>());
    locked(
        () -> {
          waiting.lines.add(line);
          signal(Urgency.LATER);
        });
    return line.done();
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
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

  /** Wakes the writer for the first that waits and for whatever is more urgent than all before. */
  private void signal(Urgency of) {
    boolean first = waiting.size() == 1;
    if (first) {
      waitingSince = System.nanoTime();
    }
    boolean moreUrgent = of.compareTo(urgency) > 0;
    if (moreUrgent) {
      urgency = of;
    }
    if (first || moreUrgent) {
      something.signal();
    }
  }

  private void run() {
    try {
      for (var batch = next(); !batch.isEmpty(); batch = next()) {
        commit(batch);
      }
    } catch (InterruptedException e) {
      LOG.debug("Writer stopped");
    } catch (RuntimeException | Error e) {
      LOG.error("The node's writer has a bug; this node cannot go on", e);
      Runtime.getRuntime().halt(70);
    } finally {
      disconnect();
    }
  }

  /** Waits for something to write; empty when closed and everything is written. */
  private Batch next() throws InterruptedException {
    lock.lock();
    try {
      while (!(waiting.isEmpty() && closed)) {
        long left = waiting.isEmpty() ? Long.MAX_VALUE : nanosLeft();
        if (left > 0) {
          something.awaitNanos(left);
          continue;
        }
        var batch = take();
        if (!batch.isEmpty()) {
          return batch;
        }
      }
      return new Batch();
    } finally {
      lock.unlock();
    }
  }

  private long nanosLeft() {
    if (closed || waiting.size() >= MAX_BATCH) {
      return 0;
    }
    return switch (urgency) {
      case LATER -> waitingSince + INTERVAL_NANOS - System.nanoTime();
      case TEXT -> lastText + INTERVAL_NANOS - System.nanoTime();
      case NOW -> 0;
    };
  }

  private Batch take() {
    if (urgency == Urgency.TEXT) {
      lastText = System.nanoTime();
    }
    Batch batch;
    if (waiting.size() > MAX_BATCH) {
      batch = waiting.take(MAX_BATCH);
    } else {
      batch = waiting;
      waiting = new Batch();
      urgency = Urgency.LATER;
    }
    batch.rows.removeIf(this::isLost);
    return batch;
  }

  /**
   * Rows behind a refused one must not be written: they would leave a gap or overwrite a
   * stranger's.
   */
  private boolean isLost(Row row) {
    if (row.ownership.lost) {
      row.done.completeExceptionally(new RunLost(row.run));
      return true;
    }
    return false;
  }

  /** Ends only when the batch is in the database, or the writer is closed. */
  private void commit(Batch batch) throws InterruptedException {
    boolean doubtful = false;
    for (int attempt = 0; ; attempt++) {
      try {
        connect();
        if (doubtful) {
          var written = sql.alreadyMine(batch.rows);
          finish(batch, row -> written.contains(row.name()));
          doubtful = false;
        }
        write(batch);
        away = false;
        return;
      } catch (SQLException e) {
        doubtful = true;
        disconnect();
        away = true;
        LOG.warn("Cannot write ({}), trying again: {}", e.getSQLState(), e.getMessage());
        refuseNotes(batch);
        if (closed && attempt >= RECONNECT_MILLIS.length) {
          return;
        }
        unreachable.run();
        Thread.sleep(RECONNECT_MILLIS[Math.min(attempt, RECONNECT_MILLIS.length - 1)]);
      }
    }
  }

  /** Leaves in the batch what is not in the database when it throws. */
  private void write(Batch batch) throws SQLException {
    while (!batch.isEmpty()) {
      try {
        sql.write(batch);
        finish(batch);
      } catch (SQLException e) {
        if (UNIQUE_VIOLATION.equals(e.getSQLState()) && !batch.rows.isEmpty()) {
          writeFirsts(batch);
        } else if (isRefusal(e)) {
          writeHalf(batch, e);
        } else {
          batch.mayBeWritten();
          throw e;
        }
      }
    }
  }

  /** Trying again would not help: PostgreSQL cannot take something that is in the batch. */
  private static boolean isRefusal(SQLException e) {
    var state = e.getSQLState();
    return state != null && REFUSALS.contains(state.substring(0, 2));
  }

  /**
   * Some run has another owner. Its first row says so; nothing behind that may be written, because
   * the row behind it may be free and is the new owner's.
   */
  private void writeFirsts(Batch batch) throws SQLException {
    var firsts = new LinkedHashMap<Row.Ownership, Row>();
    batch.rows.forEach(row -> firsts.putIfAbsent(row.ownership, row));
    var written = sql.writeTolerantly(List.copyOf(firsts.values()));
    firsts.values().stream()
        .filter(row -> row.entry.ends() && written.contains(row.name()))
        .forEach(row -> batch.settled.add(row.run));
    finish(batch, row -> written.contains(row.name()));
    locked(
        () -> {
          firsts.values().stream()
              .filter(row -> !written.contains(row.name()))
              .forEach(row -> row.ownership.lost = true);
          batch.rows.removeIf(this::isLost);
        });
  }

  /** Halves the batch until what PostgreSQL refuses stands alone. */
  private void writeHalf(Batch batch, SQLException refusal) throws SQLException {
    if (batch.size() == 1) {
      refuse(batch, refusal);
      return;
    }
    var half = batch.take(batch.size() / 2);
    try {
      write(half);
    } finally {
      batch.putBack(half);
      locked(() -> batch.rows.removeIf(this::isLost));
    }
  }

  private void refuse(Batch one, SQLException refusal) {
    // The message's later lines quote the row, and with it what users wrote.
    var message = refusal.getMessage().lines().findFirst().orElse("");
    LOG.error("Cannot be written ({}): {}", refusal.getSQLState(), message);
    locked(
        () -> {
          one.rows.forEach(row -> row.ownership.lost = true);
          one.rows.removeIf(this::isLost);
        });
    one.notes.forEach(note -> note.done().completeExceptionally(new DatabaseAway(refusal)));
    one.marks.forEach(mark -> mark.done().completeExceptionally(new DatabaseAway(refusal)));
    one.lines.forEach(line -> line.done().completeExceptionally(new DatabaseAway(refusal)));
    one.clear();
  }

  /** Tells everybody that the whole batch is in the database now. */
  private void finish(Batch batch) {
    finish(batch, _ -> true);
    batch.notes.forEach(note -> note.done().complete(null));
    batch.marks.forEach(mark -> mark.done().complete(null));
    batch.lines.forEach(line -> line.done().complete(null));
    batch.clear();
  }

  /** Tells everybody that these rows are in the database now. */
  private void finish(Batch batch, Predicate<Row> written) {
    var shown = new HashMap<RunId, List<RunEntry>>();
    var done = new ArrayList<Row>();
    for (var row : batch.rows) {
      if (written.test(row)) {
        shown.computeIfAbsent(row.run, _ -> new ArrayList<>(2)).add(row.entry);
        done.add(row);
      }
    }
    if (!shown.isEmpty()) {
      committed.accept(shown);
    }
    batch.rows.removeIf(written);
    done.forEach(row -> row.done.complete(row.entry.seq()));
  }

  /** Nobody waits long for an acknowledgement while the database is away. */
  private void refuseNotes(Batch batch) {
    var refused = new ArrayList<>(batch.notes);
    batch.notes.clear();
    locked(
        () -> {
          refused.addAll(waiting.notes);
          waiting.notes.clear();
        });
    refused.forEach(
        note -> note.done().completeExceptionally(new DatabaseAway("the database is away")));
  }

  private void connect() throws SQLException {
    if (connection == null) {
      connection = database.connect();
      sql = new BatchSql(connection);
    }
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("Closing a broken connection: {}", e.getMessage());
      }
      connection = null;
    }
  }

  /** Writes what is waiting and stops; gives up after a few attempts if the database is away. */
  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          something.signalAll();
        });
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
