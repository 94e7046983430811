package clawster.persistence.writer;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What waits to be committed, and when its turn comes. Its lock is the writer's: whatever is
 * decided about what waits is decided under it.
 */
final class Waiting {

  /** Least time between two commits made for text, and most that anything waits. */
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How soon something is to be written; the most urgent of what waits decides for all of it. */
  enum Urgency {
    /** With whatever comes next, or an interval later. */
    LATER,
    /** At once, unless text was written less than an interval ago. */
    TEXT,
    NOW
  }

  private static final int MAX_BATCH = 10_000;

  /** What may wait; beyond this new runs are refused. */
  private static final int MAX_WAITING = 100_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private Batch batch = new Batch();
  private Urgency urgency = Urgency.LATER;
  private long since;
  private long lastText = System.nanoTime() - INTERVAL_NANOS;
  private boolean closed;

  void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  void add(Consumer<Batch> what, Urgency how) {
    locked(
        () -> {
          what.accept(batch);
          signal(how);
        });
  }

  /** Whether too much waits for new runs to join it. */
  boolean isFull() {
    return locked(() -> batch.size() > MAX_WAITING);
  }

  /** Wakes the writer for the first that waits and for whatever is more urgent than all before. */
  private void signal(Urgency of) {
    boolean first = batch.size() == 1;
    if (first) {
      since = System.nanoTime();
    }
    boolean moreUrgent = of.compareTo(urgency) > 0;
    if (moreUrgent) {
      urgency = of;
    }
    if (first || moreUrgent) {
      something.signal();
    }
  }

  /** Waits for something to write; empty when closed and everything has been taken. */
  Batch next() throws InterruptedException {
    lock.lock();
    try {
      while (!(batch.isEmpty() && closed)) {
        long left = batch.isEmpty() ? Long.MAX_VALUE : nanosLeft();
        if (left > 0) {
          something.awaitNanos(left);
          continue;
        }
        var next = take();
        if (!next.isEmpty()) {
          return next;
        }
      }
      return new Batch();
    } finally {
      lock.unlock();
    }
  }

  private long nanosLeft() {
    if (closed || batch.size() >= MAX_BATCH) {
      return 0;
    }
    return switch (urgency) {
      case LATER -> since + INTERVAL_NANOS - System.nanoTime();
      case TEXT -> lastText + INTERVAL_NANOS - System.nanoTime();
      case NOW -> 0;
    };
  }

  private Batch take() {
    if (urgency == Urgency.TEXT) {
      lastText = System.nanoTime();
    }
    Batch next;
    if (batch.size() > MAX_BATCH) {
      next = batch.take(MAX_BATCH);
    } else {
      next = batch;
      batch = new Batch();
      urgency = Urgency.LATER;
    }
    next.rows.removeIf(Row::isLost);
    return next;
  }

  /** Notes nobody is to wait for any longer. */
  List<Batch.Note> takeNotes() {
    return locked(
        () -> {
          var notes = List.copyOf(batch.notes);
          batch.notes.clear();
          return notes;
        });
  }

  boolean isClosed() {
    return locked(() -> closed);
  }

  /** What waits is still to be taken, at once. */
  void close() {
    locked(
        () -> {
          closed = true;
          something.signalAll();
        });
  }
}
