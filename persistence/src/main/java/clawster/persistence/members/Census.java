package clawster.persistence.members;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * All nodes at one moment, as one of them sees them.
 *
 * @param me the number of who looks
 * @param members without those removed, except who looks
 * @param incarnation of the cluster there is; empty if there has never been one
 * @param databaseUp how long PostgreSQL has been running: it was it that lost the locks if this is
 *     short
 */
public record Census(
    int me, List<Member> members, Optional<UUID> incarnation, Duration databaseUp) {

  public Census {
    members = List.copyOf(members);
  }

  /** Who looks; empty if its row is gone. */
  public Optional<Member> self() {
    return members.stream().filter(member -> member.number() == me).findFirst();
  }

  public List<Member> others() {
    return members.stream().filter(member -> member.number() != me).toList();
  }
}
