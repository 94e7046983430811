package clawster.cluster;

import clawster.persistence.members.MemberId;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * The cluster as one node hears it.
 *
 * @param self the node; no member yet, or no more, if it is not among the reached
 * @param reached members that count and that it hears
 * @param parted whoever it does not hear, and nobody has put out of the cluster yet
 */
record Sides(MemberId self, Set<MemberId> reached, Set<MemberId> parted) {

  private static final Set<MemberStatus> GONE = Set.of(MemberStatus.down(), MemberStatus.removed());

  private static final Set<MemberStatus> COUNTING =
      Set.of(MemberStatus.up(), MemberStatus.leaving());

  Sides {
    reached = Set.copyOf(reached);
    parted = Set.copyOf(parted);
  }

  /**
   * @param unreachable whom somebody does not hear
   * @param hears whether the node itself hears from there: what is unreachable only for others is
   *     theirs to ask about
   */
  static Sides of(
      UniqueAddress self,
      Iterable<Member> members,
      Set<Member> unreachable,
      Predicate<Address> hears) {
    Predicate<Member> isParted =
        member ->
            unreachable.contains(member)
                && !GONE.contains(member.status())
                && !hears.test(member.address());
    var sides =
        StreamSupport.stream(members.spliterator(), false)
            .collect(Collectors.partitioningBy(isParted));
    return new Sides(
        NodeAddress.id(self),
        sides.get(false).stream()
            .filter(member -> COUNTING.contains(member.status()))
            .map(Sides::id)
            .collect(Collectors.toSet()),
        sides.get(true).stream().map(Sides::id).collect(Collectors.toSet()));
  }

  private static MemberId id(Member member) {
    return NodeAddress.id(member.uniqueAddress());
  }

  /** Whether there is something to decide, and this node may ask for it. */
  boolean areTwo() {
    return reached.contains(self) && !parted.isEmpty();
  }
}
