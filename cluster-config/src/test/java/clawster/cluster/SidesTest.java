package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.members.MemberId;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

final class SidesTest {

  private static final MemberStatus UP = MemberStatus.up();

  private static UniqueAddress node(int number) {
    return new UniqueAddress(new Address("pekko", "test", "host", number), (long) number);
  }

  private static Member member(int number, MemberStatus status) {
    return new Member(
        node(number),
        number,
        status,
        CollectionConverters.asScala(Set.of("dc-default")).toSet(),
        Version.Zero());
  }

  private static MemberStatus status(String name) {
    return Stream.of(
            MemberStatus.joining(),
            MemberStatus.weaklyUp(),
            UP,
            MemberStatus.leaving(),
            MemberStatus.exiting(),
            MemberStatus.down())
        .filter(status -> status.toString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Sides sides(Set<Member> members, Set<Member> unreachable, Set<Integer> heard) {
    return Sides.of(
        node(1), members, unreachable, address -> heard.contains(address.getPort().orElseThrow()));
  }

  private static Set<MemberId> ids(Integer... numbers) {
    return Stream.of(numbers)
        .map(number -> new MemberId("host:" + number, number))
        .collect(Collectors.toSet());
  }

  @Test
  void whoIsNotHeardIsOnTheOtherSide() {
    var gone = member(3, UP);
    var sides = sides(Set.of(member(1, UP), member(2, UP), gone), Set.of(gone), Set.of(2));
    assertEquals(ids(1).iterator().next(), sides.self());
    assertEquals(ids(1, 2), sides.reached());
    assertEquals(ids(3), sides.parted());
    assertTrue(sides.areTwo());
  }

  @Test
  void whoIsNotHeardByOthersAloneIsReached() {
    var heard = member(3, UP);
    var sides = sides(Set.of(member(1, UP), member(2, UP), heard), Set.of(heard), Set.of(2, 3));
    assertEquals(ids(1, 2, 3), sides.reached());
    assertFalse(sides.areTwo());
  }

  /** Whoever has not been put out has to be, or nobody else can come or go. */
  @ParameterizedTest
  @CsvSource({
    "Joining, true",
    "WeaklyUp, true",
    "Up, true",
    "Leaving, true",
    "Exiting, true",
    "Down, false",
  })
  void whoIsOutAlreadyIsOnNoSide(String status, boolean parted) {
    var gone = member(2, status(status));
    var sides = sides(Set.of(member(1, UP), gone), Set.of(gone), Set.of());
    assertEquals(parted ? ids(2) : ids(), sides.parted());
    assertEquals(ids(1), sides.reached());
  }

  @ParameterizedTest
  @CsvSource({
    "Joining, false",
    "WeaklyUp, false",
    "Up, true",
    "Leaving, true",
    "Exiting, false",
    "Down, false",
  })
  void whoComesOrHasGoneDoesNotCountAndDoesNotAsk(String status, boolean counts) {
    var gone = member(2, UP);
    var sides = sides(Set.of(member(1, status(status)), gone), Set.of(gone), Set.of());
    assertEquals(counts ? ids(1) : ids(), sides.reached());
    assertEquals(counts, sides.areTwo());
  }
}
