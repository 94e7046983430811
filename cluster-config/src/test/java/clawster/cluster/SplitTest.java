package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.cluster.Split.Verdict;
import clawster.persistence.members.MemberId;
import clawster.persistence.members.Sight;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members are letters here, and the one who asks is always a. */
final class SplitTest {

  private static final Duration HESITATION = Duration.ofSeconds(2);

  private static Set<MemberId> members(String letters) {
    return letters.chars().mapToObj(c -> member((char) c)).collect(Collectors.toSet());
  }

  private static MemberId member(char letter) {
    return new MemberId("127.0.0.1:" + (int) letter, letter);
  }

  private static Split split(String reached, String parted) {
    return Split.of(new Sides(member('a'), members(reached), members(parted)));
  }

  private static Sight sight(String awake, String asking) {
    return new Sight(true, members(awake), members(asking));
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  /** After looking ten times a second. */
  private static Verdict after(Split first, Sight sight, int millis) {
    var split = first;
    for (int at = 0; at <= millis; at += 100) {
      split = split.with(sight, millis(at));
    }
    return split.verdict(sight, millis(millis), HESITATION);
  }

  @ParameterizedTest
  @CsvSource({
    // who is not outnumbered goes on at once, whoever else is awake
    "a,   b,    ab,    '',   0,    GO_ON",
    "ab,  c,    abc,   c,    0,    GO_ON",
    "ab,  c,    '',    '',   0,    GO_ON",
    "abc, de,   abcde, '',   0,    GO_ON",
    // the smaller side looks for half a second, and goes on if the others sleep
    "a,   bc,   a,     '',   0,    WAIT",
    "a,   bc,   a,     '',   400,  WAIT",
    "a,   bc,   a,     '',   500,  GO_ON",
    "a,   bc,   ab,    '',   500,  GO_ON",
    // or hesitates if most are awake, and gives in if it alone sees a split
    "a,   bc,   abc,   a,    500,  WAIT",
    "a,   bc,   abc,   a,    1900, WAIT",
    "a,   bc,   abc,   a,    2000, GIVE_IN",
    "ab,  cde,  abcde, ab,   2000, GIVE_IN",
    // a split that others see too is real: a majority would long have decided
    "a,   bc,   abc,   abc,  500,  WAIT",
    "a,   bc,   abc,   ac,   1900, WAIT",
    "a,   bc,   abc,   ac,   2000, GO_ON",
    "ab,  cde,  abcde, e,    2000, GO_ON",
    // who is not seen awake itself knows nothing of others
    "a,   bc,   '',    '',   500,  WAIT",
    "a,   bc,   bc,    '',   9000, WAIT",
    "a,   bc,   '',    b,    9000, WAIT",
  })
  void itGoesByWhoIsAwakeAndWhoAsks(
      String reached, String parted, String awake, String asking, int millis, Verdict verdict) {
    assertEquals(verdict, after(split(reached, parted), sight(awake, asking), millis));
  }

  @Test
  void whoHasBeenPutOutIsOutWhateverItHears() {
    var out = new Sight(false, members("abc"), Set.of());
    Stream.of(split("a", "bc"), split("abc", "d"), split("a", "b"))
        .forEach(split -> assertEquals(Verdict.OUT, after(split, out, 0)));
  }

  /** As after a stall of the database: all look asleep, and one after the other wakes. */
  @Test
  void whoWasAwakeAMomentAgoCountsAsAwake() {
    var split =
        split("a", "bc")
            .with(sight("a", ""), 0)
            .with(sight("abc", ""), millis(400))
            .with(sight("a", ""), millis(800));
    assertEquals(Verdict.WAIT, split.verdict(sight("a", ""), millis(800), HESITATION));
    assertEquals(Verdict.GO_ON, split.verdict(sight("a", ""), millis(900), HESITATION));
  }

  /** As about somebody else, whose host is gone. */
  @Test
  void whoAskedForAMomentSeesNoSplitAnyMore() {
    var split = split("a", "bc").with(sight("abc", "b"), millis(100));
    assertEquals(Verdict.GIVE_IN, after(split, sight("abc", ""), 2_100));
  }

  @Test
  void whoDiedWhileOneHesitatedIsAwakeNoMore() {
    var split = split("a", "bc").with(sight("abc", ""), 0).with(sight("abc", ""), millis(1_400));
    assertEquals(Verdict.GO_ON, split.verdict(sight("a", ""), millis(2_000), HESITATION));
  }

  /** It was away, and the others come back to it one after the other. */
  @Test
  void whatADatabaseSaysFirstIsWhatTimeIsCountedFrom() {
    var split = split("a", "bc").with(sight("a", ""), millis(20_000));
    assertEquals(Verdict.WAIT, split.verdict(sight("a", ""), millis(20_000), HESITATION));
    assertEquals(Verdict.GO_ON, split.verdict(sight("a", ""), millis(20_500), HESITATION));
  }
}
