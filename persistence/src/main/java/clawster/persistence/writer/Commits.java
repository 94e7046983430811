package clawster.persistence.writer;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one batch after the other into the database, over a connection of its own, and finds out
 * what came of those that broke. For one thread.
 */
final class Commits implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  private static final long[] RECONNECT_MILLIS = {50, 100, 200, 500, 1_000};

  private static final String UNIQUE_VIOLATION = "23505";

  /** SQLSTATE classes: data exception, constraint violation, limit exceeded. */
  private static final Set<String> REFUSALS = Set.of("22", "23", "54");

  private final Database database;
  private final Waiting waiting;
  private final Consumer<Map<RunId, List<RunEntry>>> committed;
  private final Runnable unreachable;
  private volatile boolean away;
  private Connection connection;
  private BatchSql sql;

  /**
   * @param waiting what waits behind the batch
   * @param committed told what is in the log now, after each commit, by run and in order
   * @param unreachable called now and then while the database is away
   */
  Commits(
      Database database,
      Waiting waiting,
      Consumer<Map<RunId, List<RunEntry>>> committed,
      Runnable unreachable) {
    this.database = database;
    this.waiting = waiting;
    this.committed = committed;
    this.unreachable = unreachable;
  }

  /** Whether the last attempt failed. For any thread. */
  boolean isAway() {
    return away;
  }

  /** Ends only when the batch is in the database, or the writer is closed. */
  void commit(Batch batch) throws InterruptedException {
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
        if (waiting.isClosed() && attempt >= RECONNECT_MILLIS.length) {
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
    waiting.locked(
        () -> {
          firsts.values().stream()
              .filter(row -> !written.contains(row.name()))
              .forEach(row -> row.ownership.lost = true);
          batch.rows.removeIf(Row::isLost);
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
      waiting.locked(() -> batch.rows.removeIf(Row::isLost));
    }
  }

  private void refuse(Batch one, SQLException refusal) {
    // The message's later lines quote the row, and with it what users wrote.
    var message = refusal.getMessage().lines().findFirst().orElse("");
    LOG.error("Cannot be written ({}): {}", refusal.getSQLState(), message);
    waiting.locked(
        () -> {
          one.rows.forEach(row -> row.ownership.lost = true);
          one.rows.removeIf(Row::isLost);
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
    refused.addAll(waiting.takeNotes());
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

  @Override
  public void close() {
    disconnect();
  }
}
