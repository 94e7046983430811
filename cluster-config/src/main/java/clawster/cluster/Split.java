package clawster.cluster;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.Sight;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Which side of a split goes on, as one node of it comes to know it. Times are {@link
 * System#nanoTime}'s.
 *
 * <p>A side that is not outnumbered goes on, if it is the first to say so. A node that was starved
 * or stopped for a while misses everybody else's heartbeats, and is the only one who thinks that
 * there is a split. So a side with more members awake elsewhere than it has first waits for one of
 * them to miss somebody, too; if nobody does, it gives in. If somebody does, nobody may be a
 * majority, and then who comes first goes on: a majority does not wait, and has long decided.
 *
 * @param since when this node first asked
 * @param awake when each other member was last seen awake
 * @param isMutual whether one of the parted asked meanwhile
 */
record Split(Sides sides, long since, Map<MemberId, Long> awake, boolean isMutual) {

  /**
   * Who has been seen awake counts as awake for so long. After the database has stalled everybody
   * looks asleep for a moment.
   */
  static final Duration DOUBT = Duration.ofMillis(500);

  /** What a node is to do now. */
  enum Verdict {
    /** Look again. */
    WAIT,
    /** Put out the parted. */
    GO_ON,
    /** Put out the reached, with itself. */
    GIVE_IN,
    /** It has been put out. */
    OUT
  }

  static Split seenAt(long since, Sides sides) {
    return new Split(sides, since, Map.of(), false);
  }

  Split with(Sight sight, long at) {
    var all = new HashMap<>(awake);
    sight.awake().forEach(member -> all.put(member, at));
    return new Split(
        sides, since, all, isMutual || sight.asking().stream().anyMatch(sides.parted()::contains));
  }

  /**
   * @param hesitation how long an outnumbered side waits: enough for the others to have missed it
   */
  Verdict verdict(Sight last, long at, Duration hesitation) {
    if (!last.isMember()) {
      return Verdict.OUT;
    }
    if (sides.reached().size() >= sides.parted().size()) {
      return Verdict.GO_ON;
    }
    var asked = Duration.ofNanos(at - since);
    if (!last.awake().contains(sides.self()) || asked.compareTo(DOUBT) < 0) {
      return Verdict.WAIT;
    }
    if (elsewhere(at) <= sides.reached().size()) {
      return Verdict.GO_ON;
    }
    if (asked.compareTo(hesitation) < 0) {
      return Verdict.WAIT;
    }
    return isMutual ? Verdict.GO_ON : Verdict.GIVE_IN;
  }

  private long elsewhere(long at) {
    return awake.entrySet().stream()
        .filter(seen -> !sides.reached().contains(seen.getKey()))
        .filter(seen -> at - seen.getValue() < DOUBT.toNanos())
        .count();
  }
}
