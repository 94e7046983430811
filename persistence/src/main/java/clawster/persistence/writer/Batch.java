package clawster.persistence.writer;

import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionDirectory.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What goes into one commit. */
final class Batch {

  /** A run that may be owed from now on. */
  record Note(UUID session, RunId run, CompletableFuture<Void> done) {}

  /** A session's line as it is now. */
  record Line(Summary summary, boolean gone, CompletableFuture<Void> done) {}

  final List<Row> rows = new ArrayList<>();
  final List<Note> notes = new ArrayList<>();
  final List<RunId> settled = new ArrayList<>();
  final List<Line> lines = new ArrayList<>();

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return rows.size() + notes.size() + settled.size() + lines.size();
  }

  void clear() {
    rows.clear();
    notes.clear();
    settled.clear();
    lines.clear();
  }

  /** Takes half of everything out, of rows the first ones. */
  Batch takeHalf() {
    var half = new Batch();
    int wanted = size() / 2;
    move(rows, half.rows, wanted);
    move(notes, half.notes, wanted - half.size());
    move(settled, half.settled, wanted - half.size());
    move(lines, half.lines, wanted - half.size());
    return half;
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
    lines.addAll(0, half.lines);
  }
}
