package clawster.cluster;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Members to try rules on. Who looks is number 1. */
final class Some {

  private Some() {}

  static Member member(int number, State state, boolean alive) {
    return new Member(
        number, "node-" + number, "127.0.0.1:" + (17_000 + number), number, "", state, alive);
  }

  static Census census(Duration databaseUp, Member... members) {
    return new Census(1, List.of(members), Optional.empty(), databaseUp);
  }
}
