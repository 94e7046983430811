package clawster.cluster;

import clawster.cluster.Doorbell.Answer;
import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a node that is no member yet does next. */
sealed interface Formation {

  /** Some member, any of which may be asked; none is where this node is. */
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
   * The same where somebody listens at the member's address. It may be the member, and it may be
   * some other program by now, which must not keep a cluster from beginning for ever.
   */
  Duration DOUBT_AT_HOME = Duration.ofSeconds(30);

  /**
   * A second cluster beside a living one would be the worst of all answers, so whoever was a member
   * and is not surely dead is waited for.
   *
   * @param silent how long a member has been seen without its sign of life
   * @param doorbell what rings at its address
   */
  static Formation next(
      Census census, Function<Member, Duration> silent, Function<Member, Answer> doorbell) {
    var others = census.others().stream().filter(Formation::isMember).toList();
    var serving =
        others.stream()
            .filter(Member::serves)
            .filter(other -> !isWhereWeAre(other, census))
            .toList();
    if (!serving.isEmpty()) {
      return new Join(serving);
    }
    Predicate<Member> mayLive =
        member ->
            member.alive()
                || !isSucceeded(member, census)
                    && mayLive(doorbell.apply(member), silent.apply(member), census.databaseUp());
    var doubtful = others.stream().filter(mayLive).toList();
    return doubtful.isEmpty() ? new Begin() : new Wait(doubtful);
  }

  private static boolean mayLive(Answer answer, Duration silent, Duration databaseUp) {
    var doubt = answer == Answer.HOME ? DOUBT_AT_HOME : DOUBT;
    return answer != Answer.GONE
        && (silent.compareTo(doubt) < 0 || databaseUp.compareTo(DOUBT) < 0);
  }

  /**
   * Its own ghost, whose sign of life PostgreSQL still keeps: a node that joined it would be alone.
   */
  private static boolean isWhereWeAre(Member other, Census census) {
    return census.self().filter(self -> self.address().equals(other.address())).isPresent();
  }

  /** Whether a later process, this one perhaps, has the address now. */
  private static boolean isSucceeded(Member member, Census census) {
    return census.members().stream()
        .anyMatch(
            later ->
                later.alive()
                    && later.number() > member.number()
                    && later.address().equals(member.address()));
  }

  private static boolean isMember(Member member) {
    return switch (member.state()) {
      case UP, LEAVING -> true;
      case STARTING, REMOVED -> false;
    };
  }
}
