package clawster.persistence.writer;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunPlace;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One run log entry on its way to the database. */
final class Row {

  final RunId run;
  final Ownership ownership;
  final RunEntry entry;
  final short kind;
  final byte[] payload;
  final CompletableFuture<Long> done = new CompletableFuture<>();

  Row(RunId run, Ownership ownership, RunEntry entry) {
    this.run = run;
    this.ownership = ownership;
    this.entry = entry;
    this.kind = RunWords.kind(entry.word());
    this.payload = RunWords.payload(entry.word());
  }

  /** Tells a row from every other, also from that of another owner. */
  record Name(UUID run, long seq, int epoch) {}

  /** Of the log's first entry only. */
  Optional<RunPlace> place() {
    return entry.seq() == 1 ? ownership.place : Optional.empty();
  }

  Name name() {
    return new Name(run.value(), entry.seq(), entry.epoch());
  }

  /**
   * Tells whoever waits for a row that is lost. Rows behind a refused one must not be written: they
   * would leave a gap or overwrite a stranger's.
   */
  boolean isLost() {
    if (ownership.lost) {
      done.completeExceptionally(new RunLost(run));
    }
    return ownership.lost;
  }

  /** What this writer knows of a run it owns. Touched under the writer's lock only. */
  static final class Ownership {
    final int epoch;
    final Optional<RunPlace> place;
    long nextSeq;
    boolean lost;

    /**
     * @param place for a log that begins here
     */
    Ownership(int epoch, long nextSeq, Optional<RunPlace> place) {
      this.epoch = epoch;
      this.nextSeq = nextSeq;
      this.place = place;
    }
  }
}
