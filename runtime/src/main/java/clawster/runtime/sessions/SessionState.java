package clawster.runtime.sessions;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePVector;

/** What a session is. */
public sealed interface SessionState {

  /** Owners there have been, counting this one from 1; survives reset and delete. */
  int epoch();

  /** How many runs are going on or wait to. */
  int openRuns();

  default boolean idle() {
    return openRuns() == 0;
  }

  /** Nobody has said anything yet, or it was deleted. */
  record Absent(int epoch) implements SessionState {
    @Override
    public int openRuns() {
      return 0;
    }
  }

  /**
   * @param history the window: messages since the last compaction; kept so that the next state
   *     shares it, however long it is
   * @param awaited the caller's tool calls without a result
   * @param waiting accepted input behind the current run: steering first, each oldest first
   * @param ended runs that are over, newest last, at most {@link #MAX_ENDED}; a repeated submit is
   *     known by them
   */
  record Open(
      int epoch,
      SessionProfile profile,
      List<Message> history,
      Optional<Run> current,
      List<Call> awaited,
      List<Run> waiting,
      List<Ended> ended,
      Usage usage,
      long lastPromptTokens,
      Instant created,
      Instant updated)
      implements SessionState {

    static final int MAX_ENDED = 32;

    public Open {
      history = history instanceof TreePVector ? history : TreePVector.from(List.copyOf(history));
      awaited = List.copyOf(awaited);
      waiting = List.copyOf(waiting);
      ended = List.copyOf(ended);
    }

    static Open of(int epoch, SessionProfile profile, Instant at) {
      return new Open(
          epoch,
          profile,
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Usage.NONE,
          0,
          at,
          at);
    }

    /** Whether {@code run} was accepted, as far back as is remembered. */
    boolean knows(RunId run) {
      return isOpen(run) || ended.stream().anyMatch(e -> e.run().equals(run));
    }

    /**
     * Whether {@code run}, which is not known, may have been accepted before all that are
     * remembered: a node that slept may say again what was answered long ago. Ids of runs go with
     * the time.
     */
    boolean mayHaveForgotten(RunId run) {
      return ended.size() == MAX_ENDED
          && ended.stream().allMatch(end -> run.compareTo(end.run()) < 0);
    }

    /** Whether {@code run} is going on or waits to. */
    boolean isOpen(RunId run) {
      return current.filter(r -> r.id().equals(run)).isPresent()
          || waiting.stream().anyMatch(r -> r.id().equals(run));
    }

    /** The runs that are going on or wait to, as they were asked for. */
    List<RunId> runs() {
      return Stream.concat(current.stream(), waiting.stream()).map(Run::id).sorted().toList();
    }

    /** Whether input waits for nothing but the results of the client's calls. */
    boolean isHeldUp() {
      return current.isEmpty() && !awaited.isEmpty() && !waiting.isEmpty();
    }

    Optional<Ended> ended(RunId run) {
      return ended.stream().filter(end -> end.run().equals(run)).findFirst();
    }

    /** The newest run that is over. */
    Optional<RunId> lastEnded() {
      return ended.isEmpty() ? Optional.empty() : Optional.of(ended.getLast().run());
    }

    @Override
    public int openRuns() {
      return waiting.size() + (current.isPresent() ? 1 : 0);
    }
  }

  /**
   * A run that is going on or waits to.
   *
   * @param input held here until the run starts, then part of the history
   * @param step model calls done
   * @param open tool calls intended and not settled
   * @param client calls that the caller is to run when {@code open} has run out
   * @param steering whether it waits to join the run before it
   */
  record Run(
      RunId id,
      List<Message> input,
      RunSpec spec,
      int step,
      List<Call> open,
      List<Call> client,
      Usage usage,
      boolean steering) {

    public Run {
      input = List.copyOf(input);
      open = List.copyOf(open);
      client = List.copyOf(client);
    }

    static Run accepted(RunId id, List<Message> input, RunSpec spec, boolean steering) {
      return new Run(id, input, spec, 0, List.of(), List.of(), Usage.NONE, steering);
    }
  }

  /** How a run ended, kept so that its log can be ended too if the node died in between. */
  record Ended(RunId run, How how, String detail, String messageId, Usage usage) {

    public enum How {
      /** {@code detail} is the finish reason. */
      COMPLETED,
      /** {@code detail} is {@code code: reason}. */
      FAILED,
      ABORTED,
      /** {@code detail} is the run it became part of. */
      ABSORBED
    }
  }

  static <T> List<T> append(List<T> list, List<T> more) {
    var all = new ArrayList<T>(list.size() + more.size());
    all.addAll(list);
    all.addAll(more);
    return all;
  }
}
