package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import clawster.runtime.packages.MemberName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PackageHostTest {

  private static Member member(int number, State state) {
    return new Member(
        number, "node-" + number, "10.0.0." + number + ":17355", number, "", state, true);
  }

  private static MemberName name(int number) {
    return new MemberName(String.valueOf(number), "node-" + number);
  }

  /** By their numbers, whether they have reported or not; this one from the start. */
  @Test
  void membersAreWhoServesAndWhoAsksTheOldestFirst() {
    var all =
        List.of(
            member(12, State.STARTING),
            member(9, State.UP),
            member(11, State.UP),
            member(10, State.LEAVING),
            member(13, State.STARTING),
            member(8, State.REMOVED));
    var census = new Census(12, all, Optional.empty(), Duration.ZERO);
    assertEquals(List.of(name(9), name(11), name(12)), PackageHost.members(census));
  }
}
