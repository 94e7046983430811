package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A directory that remembers lines and notes, and nothing of runs that are over. */
final class InMemoryDirectory implements SessionDirectory {

  private final Map<SessionId, Summary> lines = new ConcurrentHashMap<>();
  private final Map<RunId, SessionId> notes = new ConcurrentHashMap<>();
  final Set<RunId> settled = ConcurrentHashMap.newKeySet();

  /** Notes are durable once this is. */
  volatile CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);

  /** Whether burying fails. */
  volatile boolean away;

  private final Consumer<SessionId> journals;

  /**
   * @param journals takes away what a session's journal has before its last event
   */
  InMemoryDirectory(Consumer<SessionId> journals) {
    this.journals = journals;
  }

  Optional<Summary> line(SessionId session) {
    return Optional.ofNullable(lines.get(session));
  }

  @Override
  public CompletionStage<Void> owe(SessionId session, RunId run, Optional<Callers.Asking> asking) {
    notes.put(run, session);
    return durable;
  }

  @Override
  public CompletionStage<Void> oweAgain(RunId run) {
    settled.remove(run);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void settle(RunId run) {
    notes.remove(run);
    settled.add(run);
  }

  @Override
  public CompletionStage<Void> show(Summary summary) {
    lines.merge(
        summary.id(), summary, (old, fresh) -> fresh.revision() >= old.revision() ? fresh : old);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Page> list(Query query) {
    return CompletableFuture.completedStage(new Page(List.copyOf(lines.values()), lines.size()));
  }

  @Override
  public CompletionStage<Map<SessionId, SessionKey>> keys(Set<SessionId> sessions) {
    return CompletableFuture.completedStage(
        lines.values().stream()
            .filter(line -> sessions.contains(line.id()))
            .collect(Collectors.toMap(Summary::id, line -> line.profile().key())));
  }

  @Override
  public CompletionStage<Void> hide(Summary last) {
    lines.remove(last.id());
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> hide(SessionId session, long revision) {
    lines.computeIfPresent(session, (_, line) -> line.revision() < revision ? null : line);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> bury(SessionId session, long revision) {
    if (away) {
      return CompletableFuture.failedStage(new IllegalStateException("away"));
    }
    journals.accept(session);
    return hide(session, revision);
  }

  /** A line that never arrived. */
  void lose(SessionId session) {
    lines.remove(session);
  }

  @Override
  public CompletionStage<List<OwedRun>> owed(Optional<RunId> after, int limit) {
    return CompletableFuture.completedStage(
        notes.entrySet().stream()
            .filter(note -> after.isEmpty() || note.getKey().compareTo(after.get()) > 0)
            .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
            .limit(limit)
            .map(note -> new OwedRun(note.getValue(), note.getKey(), Duration.ZERO))
            .toList());
  }

  @Override
  public CompletionStage<Void> check() {
    return CompletableFuture.completedStage(null);
  }
}
