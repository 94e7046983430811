package clawster.cluster;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.List;

/**
 * Which members have surely died, long before anybody misses their heartbeats: PostgreSQL has lost
 * the connection that was their sign of life, while ours still stands.
 */
final class EarlyTakeOver {

  /** After a start of PostgreSQL everybody needs some time to give a sign of life again. */
  private static final Duration SETTLED = Duration.ofSeconds(15);

  private EarlyTakeOver() {}

  /**
   * Those to ask once more: dead if their port refuses connections, too ({@link Doorbells}). A
   * process that still runs keeps its port open, even when it hangs.
   */
  static List<Member> suspects(Census census) {
    boolean weAreSure = census.self().filter(Member::serves).isPresent();
    return weAreSure && census.databaseUp().compareTo(SETTLED) >= 0
        ? census.others().stream().filter(EarlyTakeOver::isSilentMember).toList()
        : List.of();
  }

  private static boolean isSilentMember(Member member) {
    return switch (member.state()) {
      case UP, LEAVING -> !member.alive();
      case STARTING, REMOVED -> false;
    };
  }
}
