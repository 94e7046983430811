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
    return rows.isEmpty() && hasOnlyRows();
  }

  boolean hasOnlyRows() {
    return notes.isEmpty() && settled.isEmpty() && lines.isEmpty();
  }

  int size() {
    return rows.size() + notes.size() + settled.size() + lines.size();
  }
}
