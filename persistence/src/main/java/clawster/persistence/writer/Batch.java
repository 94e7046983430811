package clawster.persistence.writer;

import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.SessionDirectory.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What goes into one commit. */
final class Batch {

  /** A run that may be owed from now on. */
  record Note(
      UUID session, RunId run, Optional<Callers.Asking> asking, CompletableFuture<Void> done) {}

  /**
   * A caller of a run has its answer, or has gone without it.
   *
   * @param counted whether the caller may have been counted off already
   */
  record Mark(RunId run, boolean delivered, boolean counted, CompletableFuture<Void> done) {

    private Mark mayBeCounted() {
      return new Mark(run, delivered, true, done);
    }
  }

  /** A session's line as it is now. */
  record Line(Summary summary, boolean gone, CompletableFuture<Void> done) {}

  final List<Row> rows = new ArrayList<>();
  final List<Note> notes = new ArrayList<>();
  final List<RunId> settled = new ArrayList<>();
  final List<Mark> marks = new ArrayList<>();
  final List<Line> lines = new ArrayList<>();

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return rows.size() + notes.size() + settled.size() + marks.size() + lines.size();
  }

  void clear() {
    rows.clear();
    notes.clear();
    settled.clear();
    marks.clear();
    lines.clear();
  }

  /**
   * All this was sent, and nobody knows whether it arrived. Whoever were counted off twice would
   * take with him another who waits, so he is not counted off again.
   */
  void mayBeWritten() {
    marks.replaceAll(Mark::mayBeCounted);
  }

  /** Takes out {@code wanted} of everything, rows before the rest and the first ones first. */
  Batch take(int wanted) {
    var some = new Batch();
    move(rows, some.rows, wanted);
    move(notes, some.notes, wanted - some.size());
    move(settled, some.settled, wanted - some.size());
    move(marks, some.marks, wanted - some.size());
    move(lines, some.lines, wanted - some.size());
    return some;
  }

  private static <T> void move(List<T> from, List<T> to, int atMost) {
    var some = from.subList(0, Math.min(atMost, from.size()));
    to.addAll(some);
    some.clear();
  }

  /** Puts what is left of a half where it was. */
  void putBack(Batch half) {
    rows.addAll(0, half.rows);
    notes.addAll(0, half.notes);
    settled.addAll(0, half.settled);
    marks.addAll(0, half.marks);
    lines.addAll(0, half.lines);
  }
}
