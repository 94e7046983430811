package clawster.runtime.packages;

import static clawster.runtime.packages.DesiredPackagesContract.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.runtime.kernel.Problem;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a declaration has come to, and what one who follows it is told. */
final class ConclusionTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final Declaration HELLO =
      new Declaration(7, spec("hello"), Presence.INSTALLED, false);

  private static PackageStatus status(String said) {
    try {
      var word = said.split(":")[0];
      int refusals = said.contains(":") ? Integer.parseInt(said.split(":")[1]) : 0;
      var failure =
          Optional.of(new Failure(FailureCode.valueOf(word), "it says " + word, refusals));
      return new PackageStatus(HELLO.ref(), 7, State.FAILED, failure);
    } catch (IllegalArgumentException _) {
      return new PackageStatus(HELLO.ref(), 7, State.valueOf(said), Optional.empty());
    }
  }

  /** What nodes 1, 2, … say; a dash says nothing. */
  private static Standing standing(Declaration declaration, String said) {
    var all = new HashMap<String, PackageStatus>();
    var words = said.isBlank() ? new String[0] : said.strip().split(" ");
    for (int i = 0; i < words.length; i++) {
      if (!words[i].equals("-")) {
        all.put(String.valueOf(i + 1), status(words[i]));
      }
    }
    return new Standing(Optional.of(declaration), all, Map.of());
  }

  private static List<MemberName> members(String said) {
    int count = said.isBlank() ? 0 : said.strip().split(" ").length;
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new MemberName(String.valueOf(i), "node-" + i))
        .toList();
  }

  private static String concluded(String said, Set<String> silent) {
    return Conclusion.of(standing(HELLO, said), members(said), silent)
        .map(end -> end.missed().map(ConclusionTest::words).orElse("ok"))
        .orElse("open");
  }

  private static String words(Problem problem) {
    return Stream.concat(Stream.of(problem.code()), problem.facts().values().stream())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DONE | ok",
        "DONE NOBODY | ok",
        "DONE DONE | ok",
        "DONE WAITING | open",
        "DONE WORKING | open",
        "DONE - | open",
        "- | open",
        "NETWORK WORKING | open",
        "NETWORK DONE | package.failed node-1: it says NETWORK",
        "NETWORK NOT_FOUND | package.failed node-1: it says NETWORK; node-2: it says NOT_FOUND",
        "NOBODY NOT_FOUND | package.failed node-2: it says NOT_FOUND",
        "NOBODY | package.nobody pkg-helper",
        "NOBODY NOBODY | package.nobody pkg-helper",
        "'' | package.nobody pkg-helper",
      })
  void itIsDoneWhereSomebodyInstallsAndSomewhereAtLeast(String said, String expected) {
    assertEquals(expected, concluded(said, Set.of()));
  }

  @Test
  void whoIsSilentIsNotWaitedForAndNotDone() {
    assertEquals("package.silent node-2", concluded("DONE -", Set.of("2")));
    assertEquals("open", concluded("- -", Set.of("2")));
    assertEquals("package.silent node-1, node-2", concluded("- -", Set.of("1", "2")));
    assertEquals("open", concluded("WORKING -", Set.of("1", "2")), "it has said something");
  }

  @Test
  void whoIsNoMemberHasNoSay() {
    var said = standing(HELLO, "DONE WORKING NETWORK");
    assertEquals(
        Optional.of(new Conclusion(Optional.empty())), Conclusion.of(said, members("x"), Set.of()));
  }

  @Test
  void whatHasNoPlaceAnyMoreIsSuperseded() {
    var gone = new Standing(Optional.empty(), Map.of("1", status("DONE")), Map.of());
    assertEquals(
        Optional.of(Conclusion.missed(DeclarationProblems.SUPERSEDED)),
        Conclusion.of(gone, members("x"), Set.of()));
  }

  @Test
  void whatIsWithdrawnIsOverWhateverNodesSay() {
    var withdrawn = new Declaration(7, spec("hello"), Presence.INSTALLED, true);
    var end = Conclusion.of(standing(withdrawn, "NOT_FOUND -"), members("a b"), Set.of());
    assertTrue(end.orElseThrow().missed().isPresent());
    var all = Conclusion.of(standing(withdrawn, "DONE"), members("a"), Set.of());
    assertEquals(Optional.of(DeclarationProblems.WITHDRAWN), all.orElseThrow().missed());
  }

  @Test
  void whatIsSaidOfManyFailuresIsBounded() {
    var many = "NETWORK ".repeat(99);
    var said = concluded(many, Set.of());
    assertEquals("package.failed ".length() + Line.MAX_LENGTH, said.length());
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND:1, false",
    "NOT_FOUND:2, true",
    "NOT_FOUND:2 CONFLICT:3 VALIDATION:2 NOBODY, true",
    "NOT_FOUND:2 NOT_FOUND:1, false",
    "NOT_FOUND:2 PERMISSION, false",
    "NOT_FOUND:2 DONE, false",
    "NOT_FOUND:2 NETWORK, false",
    "NOT_FOUND:2 WAITING, false",
    "NOT_FOUND:2 WORKING, false",
    "NOT_FOUND:2 -, false",
    "NOBODY, false",
    "DISK_FULL, false",
    "'', false",
  })
  void whatFailsEverywhereAndForeverIsHopeless(String said, boolean hopeless) {
    assertEquals(hopeless, Conclusion.isHopeless(standing(HELLO, said), members(said)));
  }

  @Test
  void onlyInstallationsThatStandAreHopeless() {
    for (var other :
        List.of(
            new Declaration(7, spec("hello"), Presence.ABSENT, false),
            new Declaration(7, spec("hello"), Presence.INSTALLED, true))) {
      assertFalse(Conclusion.isHopeless(standing(other, "NOT_FOUND:2"), members("a")));
    }
    var superseded = new Standing(Optional.empty(), Map.of("1", status("NOT_FOUND:2")), Map.of());
    assertFalse(Conclusion.isHopeless(superseded, members("a")));
  }

  @Test
  void whoFollowsIsToldWhatMovesOnce() {
    var members = members("a b");
    var first = Following.since(NOW).after(standing(HELLO, "WORKING -"), members, NOW);
    assertEquals(List.of(new PackageEvent.Moved("1", status("WORKING"))), first.events());
    var same = first.next().after(standing(HELLO, "WORKING -"), members, NOW);
    assertEquals(List.of(), same.events());
    var last = same.next().after(standing(HELLO, "DONE NOBODY"), members, NOW);
    assertEquals(
        List.of(
            new PackageEvent.Moved("1", status("DONE")),
            new PackageEvent.Moved("2", status("NOBODY"))),
        last.events());
    assertTrue(last.conclusion().orElseThrow().missed().isEmpty());
  }

  @Test
  void aMemberIsGivenUpOnHalfAMinuteAfterItWasSeenFirst() {
    var one = Following.since(NOW).after(standing(HELLO, "DONE"), members("a"), NOW);
    assertTrue(one.conclusion().orElseThrow().missed().isEmpty());
    var joined = NOW.plusSeconds(100);
    var two = one.next().after(standing(HELLO, "DONE"), members("a b"), joined);
    assertEquals(Optional.empty(), two.conclusion());
    var soon = two.next().after(standing(HELLO, "DONE"), members("a b"), joined.plusSeconds(29));
    assertEquals(Optional.empty(), soon.conclusion());
    var late = soon.next().after(standing(HELLO, "DONE"), members("a b"), joined.plusSeconds(30));
    assertEquals(
        Optional.of(DeclarationProblems.silent("node-2")),
        late.conclusion().orElseThrow().missed());
  }

  @Test
  void itEndsWhenNothingMovesForFortyMinutes() {
    var members = members("a");
    var working =
        Following.since(NOW).after(standing(HELLO, "WORKING"), members, NOW.plusSeconds(60));
    var limit = NOW.plusSeconds(60).plus(Duration.ofMinutes(40));
    var before = working.next().after(standing(HELLO, "WORKING"), members, limit.minusMillis(1));
    assertEquals(Optional.empty(), before.conclusion());
    assertEquals(Optional.empty(), before.next().afterNothing(limit.minusMillis(1)).conclusion());
    assertEquals(
        Optional.of(Conclusion.missed(DeclarationProblems.STUCK)),
        before.next().after(standing(HELLO, "WORKING"), members, limit).conclusion());
    assertEquals(
        Optional.of(Conclusion.missed(DeclarationProblems.STUCK)),
        before.next().afterNothing(limit).conclusion());
    var moved = before.next().after(standing(HELLO, "WAITING"), members, limit);
    assertEquals(Optional.empty(), moved.conclusion());
  }

  /** A node that has much before it is not stuck. */
  @Test
  void whateverMovesOnANodeThatHasItBeforeItIsMovement() {
    var members = members("a b");
    var begun = Following.since(NOW).after(moved(NOW, NOW), members, NOW).next();
    var half = NOW.plus(Duration.ofMinutes(20));
    var other = begun.after(moved(half, NOW), members, half).next();
    var settled = begun.after(moved(NOW, half), members, half).next();
    var end = NOW.plus(Duration.ofMinutes(40));
    assertEquals(Optional.empty(), other.after(moved(half, NOW), members, end).conclusion());
    var stuck = Optional.of(Conclusion.missed(DeclarationProblems.STUCK));
    assertEquals(stuck, settled.after(moved(NOW, half), members, end).conclusion());
    var later = end.plus(Duration.ofMinutes(20));
    assertEquals(stuck, other.after(moved(half, NOW), members, later).conclusion());
  }

  /** When node 1, which waits, and node 2, which is done, have moved. */
  private static Standing moved(Instant waiting, Instant done) {
    var standing = standing(HELLO, "WAITING DONE");
    return new Standing(
        standing.declaration(), standing.statuses(), Map.of("1", waiting, "2", done));
  }

  @ParameterizedTest
  @CsvSource({
    "'a line', 'a line'",
    "'two\nlines\u0000', 'two lines'",
    "'\u202eright', 'right'",
    "'\ud83d', ''"
  })
  void linesCanBeShownAndStored(String said, String line) {
    assertEquals(line, Line.of(said));
  }

  @Test
  void ofALongLineTheEndIsKeptAndNoHalfACharacter() {
    assertEquals("…" + "x".repeat(499), Line.of("x".repeat(600)));
    assertEquals("…" + "x".repeat(498), Line.of("yy\ud83d\ude00" + "x".repeat(498)));
  }
}
