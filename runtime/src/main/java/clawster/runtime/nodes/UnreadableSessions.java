package clawster.runtime.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions of this node that cannot be read, for people to see. A session is here as long as it
 * lives on this node and has not been read.
 */
public final class UnreadableSessions {

  /** More than this many are not told of: whoever mends the first sees the next. */
  private static final int MAX_TOLD = 20;

  private static final int MAX_KNOWN = 10_000;

  private static final Duration SAID_AGAIN = Duration.ofHours(1);

  /**
   * One of them.
   *
   * @param session its id
   * @param since when it was first found so
   */
  public record Unreadable(String session, String reason, Instant since) {}

  /**
   * What a node tells of them.
   *
   * @param count how many there are
   * @param first the oldest
   */
  public record Told(int count, List<Unreadable> first) {

    public static final Told NONE = new Told(0, List.of());

    public Told {
      first = List.copyOf(first);
    }
  }

  private record Known(Unreadable session, Instant said) {}

  private final ConcurrentHashMap<String, Known> all = new ConcurrentHashMap<>();

  /** Notes that it could not be read. Returns whether it is time to say so, again. */
  public boolean found(String session, String reason, Instant now) {
    if (all.size() >= MAX_KNOWN && !all.containsKey(session)) {
      return false;
    }
    var known =
        all.compute(
            session,
            (_, before) ->
                before == null
                    ? new Known(new Unreadable(session, reason, now), now)
                    : new Known(
                        new Unreadable(session, reason, before.session().since()),
                        now.isBefore(before.said().plus(SAID_AGAIN)) ? before.said() : now));
    return known.said().equals(now);
  }

  /** It has been read, or is not here any more. */
  public void gone(String session) {
    all.remove(session);
  }

  public Told told() {
    if (all.isEmpty()) {
      return Told.NONE;
    }
    var known = List.copyOf(all.values());
    return new Told(
        known.size(),
        known.stream()
            .map(Known::session)
            .sorted(Comparator.comparing(Unreadable::since).thenComparing(Unreadable::session))
            .limit(MAX_TOLD)
            .toList());
  }
}
