package clawster.runtime.nodes;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * How many sessions this node has in memory, which of its shards are not at work, and which
 * sessions cannot be read.
 */
public final class Activity {

  /** A session that has just spoken is likely to speak again. */
  static final Duration QUIET = Duration.ofSeconds(2);

  private final AtomicInteger sessions = new AtomicInteger();
  private final UnreadableSessions unreadable = new UnreadableSessions();
  private final Map<String, Work> shards = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /**
   * @param runs that are not over
   * @param since when there were last more or fewer of them
   */
  private record Work(int runs, long since) {}

  public Activity() {
    this(System::nanoTime);
  }

  Activity(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A session that came into memory. For one thread at a time, like the session itself. */
  public Presence enter(String shard) {
    sessions.incrementAndGet();
    add(shard, 0);
    return new Presence(shard);
  }

  public UnreadableSessions unreadable() {
    return unreadable;
  }

  private void add(String shard, int more) {
    shards.compute(
        shard,
        (_, before) -> new Work((before == null ? 0 : before.runs()) + more, nanos.getAsLong()));
  }

  int sessions() {
    return sessions.get();
  }

  public int runs() {
    return shards.values().stream().mapToInt(Work::runs).sum();
  }

  /** Shards that had a session here, and for a while have had no open run. */
  Set<String> quiet() {
    long now = nanos.getAsLong();
    return shards.entrySet().stream()
        .filter(shard -> shard.getValue().runs() == 0)
        .filter(shard -> now - shard.getValue().since() >= QUIET.toNanos())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** One session's part. */
  public final class Presence {

    private final String shard;
    private int open;
    private boolean here = true;

    private Presence(String shard) {
      this.shard = shard;
    }

    /** It has so many runs that are not over. */
    public void open(int now) {
      if (here && now != open) {
        add(shard, now - open);
        open = now;
      }
    }

    /** It has left memory. */
    public void leave() {
      if (here) {
        open(0);
        here = false;
        sessions.decrementAndGet();
      }
    }
  }
}
