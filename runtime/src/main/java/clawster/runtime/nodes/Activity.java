package clawster.runtime.nodes;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** How many sessions this node has in memory, and which of its shards are at work. */
public final class Activity {

  private final AtomicInteger sessions = new AtomicInteger();
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();

  /** A session that came into memory. For one thread at a time, like the session itself. */
  public Presence enter(String shard) {
    sessions.incrementAndGet();
    return new Presence(shard);
  }

  int sessions() {
    return sessions.get();
  }

  int runs() {
    return runs.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Shards with open runs. */
  Set<String> busy() {
    return runs.keySet().stream().collect(Collectors.toUnmodifiableSet());
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
        int more = now - open;
        open = now;
        runs.compute(shard, (_, before) -> (before == null ? 0 : before) + more);
        runs.remove(shard, 0);
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
