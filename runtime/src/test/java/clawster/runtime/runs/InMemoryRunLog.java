package clawster.runtime.runs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Run logs in memory under the law of the real ones: dense, fenced by their numbers, and shown only
 * once committed. What is committed is shared with the logs of other nodes; commits can be held
 * back, and reading made to fail.
 */
public final class InMemoryRunLog implements RunLog {

  private static final class Ownership {
    private final int epoch;
    private long next;
    private boolean lost;

    Ownership(int epoch, long next) {
      this.epoch = epoch;
      this.next = next;
    }
  }

  private record Row(
      RunId run, Ownership ownership, RunEntry entry, CompletableFuture<Long> committed) {}

  private final Map<RunId, List<RunEntry>> committed;
  private final Consumer<RunFeed.Command> feed;
  private final Map<RunId, RunPlace> places;
  private final Map<RunId, Ownership> owned = new HashMap<>();
  private List<Row> waiting = new ArrayList<>();
  private final List<CompletableFuture<Void>> claims = new ArrayList<>();
  private final Set<RunId> gone;
  private final Set<RunId> released = new HashSet<>();
  private boolean held;
  private boolean away;
  private int reads;

  public InMemoryRunLog(Consumer<RunFeed.Command> feed) {
    this(new HashMap<>(), new HashMap<>(), new HashSet<>(), feed);
  }

  private InMemoryRunLog(
      Map<RunId, List<RunEntry>> committed,
      Map<RunId, RunPlace> places,
      Set<RunId> gone,
      Consumer<RunFeed.Command> feed) {
    this.committed = committed;
    this.places = places;
    this.gone = gone;
    this.feed = feed;
  }

  /** The same logs, written by somebody else. */
  public InMemoryRunLog ofAnotherNode(Consumer<RunFeed.Command> feed) {
    return new InMemoryRunLog(committed, places, gone, feed);
  }

  public List<RunEntry> entries(RunId run) {
    synchronized (committed) {
      return List.copyOf(committed.getOrDefault(run, List.of()));
    }
  }

  public List<RunWord> words(RunId run) {
    return entries(run).stream().map(RunEntry::word).toList();
  }

  /** How often it was read. */
  public int reads() {
    synchronized (committed) {
      return reads;
    }
  }

  /** Whether somebody waits for a claim that is held. */
  public boolean isBeingClaimed() {
    synchronized (committed) {
      return !claims.isEmpty();
    }
  }

  /** Whether this node has left a run to whoever claims it. */
  public boolean wasReleased(RunId run) {
    synchronized (committed) {
      return released.contains(run);
    }
  }

  /** Whether something waits to be committed. */
  public boolean isWaiting() {
    synchronized (committed) {
      return !waiting.isEmpty();
    }
  }

  /** Nothing is committed or claimed until it is let go on. */
  public void hold() {
    synchronized (committed) {
      held = true;
    }
  }

  /** Commits at once whatever has come meanwhile. */
  public void goOn() {
    List<CompletableFuture<Void>> claiming;
    synchronized (committed) {
      held = false;
      claiming = List.copyOf(claims);
      claims.clear();
    }
    commit();
    claiming.forEach(claim -> claim.complete(null));
  }

  /** Whether reading and claiming fail. */
  public void away(boolean away) {
    synchronized (committed) {
      this.away = away;
    }
  }

  /** A run's log has had its time. */
  public void forget(RunId run) {
    synchronized (committed) {
      committed.remove(run);
      gone.add(run);
    }
  }

  /** Of a session that does not matter. */
  public void open(RunId run, int epoch) {
    open(run, epoch, new RunPlace(new UUID(0, 0), 1));
  }

  @Override
  public void open(RunId run, int epoch, RunPlace place) {
    synchronized (committed) {
      owned.putIfAbsent(run, new Ownership(epoch, 1));
      places.putIfAbsent(run, place);
      feed.accept(new RunFeed.Opened(run, 0));
    }
  }

  /** Of a session that does not matter. */
  public CompletionStage<List<RunEntry>> claim(RunId run, int epoch) {
    return claim(run, epoch, new RunPlace(new UUID(0, 0), 1));
  }

  @Override
  public CompletionStage<List<RunEntry>> claim(RunId run, int epoch, RunPlace place) {
    synchronized (committed) {
      if (held) {
        var claimed = new CompletableFuture<Void>();
        claims.add(claimed);
        return claimed.thenCompose(_ -> claim(run, epoch, place));
      }
      if (away) {
        return CompletableFuture.failedStage(new IllegalStateException("away"));
      }
      if (gone.contains(run)) {
        return CompletableFuture.failedStage(new RunGone(run));
      }
      var log = committed.computeIfAbsent(run, _ -> new ArrayList<>());
      if (log.isEmpty()) {
        places.put(run, place);
      }
      var claim = new RunEntry(log.size() + 1L, epoch, 0, new RunWord.Claimed());
      log.add(claim);
      var earlier = owned.put(run, new Ownership(epoch, claim.seq() + 1));
      if (earlier != null) {
        earlier.lost = true;
      }
      feed.accept(new RunFeed.Opened(run, claim.seq()));
      feed.accept(new RunFeed.Committed(Map.of(run, List.of(claim))));
      return CompletableFuture.completedStage(List.copyOf(log));
    }
  }

  @Override
  public CompletionStage<Long> append(RunId run, int step, RunWord word) {
    Row row;
    synchronized (committed) {
      var ownership = owned.get(run);
      if (ownership == null || ownership.lost) {
        return CompletableFuture.failedStage(new RunLost(run));
      }
      var entry = new RunEntry(ownership.next++, ownership.epoch, step, word);
      row = new Row(run, ownership, entry, new CompletableFuture<>());
      waiting.add(row);
    }
    commit();
    return row.committed();
  }

  private void commit() {
    List<Row> batch;
    synchronized (committed) {
      if (held) {
        return;
      }
      batch = waiting;
      waiting = new ArrayList<>();
      var shown = new LinkedHashMap<RunId, List<RunEntry>>();
      batch.forEach(row -> write(row, shown));
      if (!shown.isEmpty()) {
        feed.accept(new RunFeed.Committed(shown));
      }
    }
    for (var row : batch) {
      if (row.ownership().lost) {
        row.committed().completeExceptionally(new RunLost(row.run()));
      } else {
        row.committed().complete(row.entry().seq());
      }
    }
  }

  private void write(Row row, Map<RunId, List<RunEntry>> shown) {
    var log = committed.computeIfAbsent(row.run(), _ -> new ArrayList<>());
    if (row.ownership().lost || row.entry().seq() != log.size() + 1) {
      row.ownership().lost = true;
    } else {
      log.add(row.entry());
      shown.computeIfAbsent(row.run(), _ -> new ArrayList<>()).add(row.entry());
    }
  }

  @Override
  public void release(RunId run) {
    close(run);
    synchronized (committed) {
      released.add(run);
    }
    feed.accept(new RunFeed.Released(run));
  }

  @Override
  public void close(RunId run) {
    synchronized (committed) {
      owned.remove(run);
    }
  }

  @Override
  public CompletionStage<List<RunEntry>> read(RunId run, long after, int limit) {
    synchronized (committed) {
      reads++;
      return away
          ? CompletableFuture.failedStage(new IllegalStateException("away"))
          : CompletableFuture.completedStage(
              entries(run).stream().filter(entry -> entry.seq() > after).limit(limit).toList());
    }
  }

  @Override
  public CompletionStage<List<RunId>> runs(UUID session, Optional<RunId> after) {
    synchronized (committed) {
      var order =
          Comparator.comparing((RunId run) -> places.get(run).number()).thenComparing(run -> run);
      return CompletableFuture.completedStage(
          committed.keySet().stream()
              .filter(run -> places.get(run).session().equals(session))
              .filter(run -> after.isEmpty() || order.compare(run, after.get()) > 0)
              .sorted(order)
              .limit(PAGE)
              .toList());
    }
  }

  @Override
  public CompletionStage<Optional<RunId>> newest(UUID session) {
    return runs(session, Optional.empty())
        .thenApply(runs -> runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast()));
  }

  @Override
  public CompletionStage<Boolean> hasBegun(UUID session, RunId run) {
    return runs(session, Optional.empty()).thenApply(runs -> runs.contains(run));
  }
}
