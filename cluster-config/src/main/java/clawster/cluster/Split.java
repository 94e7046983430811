package clawster.cluster;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.Sight;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Whether one node of a split cluster goes on, as it comes to know it. Times are {@link
 * System#nanoTime}'s.
 *
 * <p>A side that is not outnumbered goes on, if it is the first to say so. A node that was starved
 * or stopped for a while misses everybody else's heartbeats, and is the only one who thinks that
 * there is a split. So a side with more members awake elsewhere than it has first waits for one of
 * them to miss somebody, too; if nobody does, it gives in. If somebody does, nobody may be a
 * majority, and then who comes first goes on: a majority does not wait, and has long decided.
 *
 * @param since when the database first answered; what it did not say tells nothing
 * @param awake when each other member was last seen awake
 * @param asking when each was last seen to miss somebody
 */
record Split(
    Sides sides, OptionalLong since, Map<MemberId, Long> awake, Map<MemberId, Long> asking) {

  /**
   * What was seen counts for so long. After the database has stalled everybody looks asleep for a
   * moment.
   */
  static final Duration MEMORY = Duration.ofMillis(500);

  /** What a node is to do now. */
  enum Verdict {
    /** Look again. */
    WAIT,
    /** Put out the parted. */
    GO_ON,
    /** Put out itself. */
    GIVE_IN,
    /** It has been put out. */
    OUT
  }

  static Split of(Sides sides) {
    return new Split(sides, OptionalLong.empty(), Map.of(), Map.of());
  }

  Split with(Sight sight, long at) {
    return new Split(
        sides,
        since.isPresent() ? since : OptionalLong.of(at),
        with(awake, sight.awake(), at),
        with(asking, sight.asking(), at));
  }

  private static Map<MemberId, Long> with(
      Map<MemberId, Long> before, Collection<MemberId> seen, long at) {
    var after = new HashMap<>(before);
    seen.forEach(member -> after.put(member, at));
    return Map.copyOf(after);
  }

  /**
   * @param last the newest sight, taken at {@code at}
   * @param hesitation how long an outnumbered side waits: enough for the others to have missed it
   */
  Verdict verdict(Sight last, long at, Duration hesitation) {
    if (!last.isMember()) {
      return Verdict.OUT;
    }
    if (sides.reached().size() >= sides.parted().size()) {
      return Verdict.GO_ON;
    }
    var asked = Duration.ofNanos(at - since.orElse(at));
    if (!last.awake().contains(sides.self()) || asked.compareTo(MEMORY) < 0) {
      return Verdict.WAIT;
    }
    if (count(awake, at, member -> !sides.reached().contains(member)) <= sides.reached().size()) {
      return Verdict.GO_ON;
    }
    if (asked.compareTo(hesitation) < 0) {
      return Verdict.WAIT;
    }
    return count(asking, at, sides.parted()::contains) > 0 ? Verdict.GO_ON : Verdict.GIVE_IN;
  }

  private static long count(Map<MemberId, Long> seen, long at, Predicate<MemberId> which) {
    return seen.entrySet().stream()
        .filter(each -> which.test(each.getKey()))
        .filter(each -> at - each.getValue() < MEMORY.toNanos())
        .count();
  }
}
