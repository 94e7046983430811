package clawster.cluster;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when members give no sign of life, as far as this node has seen it. A moment without one is
 * nothing: a living node whose connection broke gives the next one as soon as it looks again.
 */
final class Silences {

  /** When each was first seen silent, by its number; whoever gives a sign of life is forgotten. */
  private Map<Integer, Long> since = Map.of();

  /**
   * @param at when the census was taken, by {@link System#nanoTime}
   */
  void look(Census census, long at) {
    var now = new HashMap<Integer, Long>();
    census.members().stream()
        .filter(member -> !member.alive())
        .forEach(m -> now.put(m.number(), since.getOrDefault(m.number(), at)));
    since = now;
  }

  /** How long it had been silent at {@code at}; zero for who was never seen so. */
  Duration of(Member member, long at) {
    var silent = since.get(member.number());
    return silent == null ? Duration.ZERO : Duration.ofNanos(at - silent);
  }
}
