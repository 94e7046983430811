package clawster.cluster;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What a node that is no member yet does next. */
sealed interface Formation {

  /** Some member, any of which may be asked. */
  record Join(List<Member> members) implements Formation {}

  /** Nobody else is there: begin a cluster, unless somebody is quicker. */
  record Begin() implements Formation {}

  /**
   * A member may be alive that cannot be joined now.
   *
   * @param doubtful whose connections to the database are broken, though its process may live
   */
  record Wait(List<Member> doubtful) implements Formation {}

  /**
   * How long a member may be without its connection to the database before it does not count any
   * more: longer than a PostgreSQL that has restarted needs to be found again by living nodes.
   */
  Duration DOUBT = Duration.ofSeconds(10);

  /**
   * A second cluster beside a living one would be the worst of all answers, so whoever was a member
   * and is not surely dead is waited for.
   *
   * @param dead whether a member's process does surely not run any more
   * @param waited how long this node has been waiting
   */
  static Formation next(Census census, Predicate<Member> dead, Duration waited) {
    var others = census.others().stream().filter(Formation::isMember).toList();
    var serving = others.stream().filter(Member::serves).toList();
    if (!serving.isEmpty()) {
      return new Join(serving);
    }
    boolean patient = waited.compareTo(DOUBT) < 0 || census.databaseUp().compareTo(DOUBT) < 0;
    var doubtful =
        others.stream().filter(member -> member.alive() || patient && !dead.test(member)).toList();
    return doubtful.isEmpty() ? new Begin() : new Wait(doubtful);
  }

  private static boolean isMember(Member member) {
    return switch (member.state()) {
      case UP, LEAVING -> true;
      case STARTING, REMOVED -> false;
    };
  }
}
