package clawster.cluster;

import clawster.persistence.members.MemberId;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/**
 * The cluster as one node hears it.
 *
 * @param self the node; no member yet, or no more, if it is not among the reached
 * @param reached members that count and that it hears, or that nobody has missed
 * @param parted whoever it does not hear, and nobody has put out of the cluster yet
 */
record Sides(MemberId self, Set<MemberId> reached, Set<MemberId> parted) {

  private static final Set<MemberStatus> GOING =
      Set.of(MemberStatus.down(), MemberStatus.exiting(), MemberStatus.removed());

  private static final Set<MemberStatus> COUNTING =
      Set.of(MemberStatus.up(), MemberStatus.leaving());

  Sides {
    reached = Set.copyOf(reached);
    parted = Set.copyOf(parted);
  }

  static Sides of(Cluster cluster) {
    var state = cluster.state();
    Predicate<Member> isParted =
        member ->
            state.getUnreachable().contains(member)
                && !GOING.contains(member.status())
                && !isHeard(cluster, member);
    var members =
        StreamSupport.stream(state.getMembers().spliterator(), false)
            .collect(Collectors.partitioningBy(isParted));
    return new Sides(
        id(cluster.selfMember()),
        members.get(false).stream()
            .filter(member -> COUNTING.contains(member.status()))
            .map(Sides::id)
            .collect(Collectors.toSet()),
        members.get(true).stream().map(Sides::id).collect(Collectors.toSet()));
  }

  private static MemberId id(Member member) {
    return NodeAddress.id(member.uniqueAddress());
  }

  /** It is unreachable for somebody else, and not for us. */
  private static boolean isHeard(Cluster cluster, Member member) {
    var detector = cluster.failureDetector();
    return detector.isMonitoring(member.address()) && detector.isAvailable(member.address());
  }

  /** Whether there is something to decide, and this node may ask for it. */
  boolean areTwo() {
    return reached.contains(self) && !parted.isEmpty();
  }
}
