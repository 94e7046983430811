package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RepetitionTest {

  private static final Entry ENTRY = Entry.of("request.refused", "peer", "7", "why", "invalid");

  private final Repetition repetition = new Repetition();
  private final List<Entry> written = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  private void happens(Entry entry) {
    passes(Duration.ZERO);
    if (repetition.admits(entry, now)) {
      written.add(entry);
    }
  }

  private void passes(Duration time) {
    now = now.plus(time);
    written.addAll(repetition.due(now));
  }

  private static Entry repeated(int times) {
    return Entry.of(
        "repeated", "of", "request.refused", "times", "" + times, "peer", "7", "why", "invalid");
  }

  @Test
  void whatHappensAgainAtOnceIsCountedAndToldOnce() {
    IntStream.range(0, 1000).forEach(_ -> happens(ENTRY));
    assertEquals(List.of(ENTRY), written);
    passes(Repetition.AGAIN.minusNanos(1));
    assertEquals(List.of(ENTRY), written);
    passes(Duration.ofNanos(1));
    assertEquals(List.of(ENTRY, repeated(999)), written);
    passes(Repetition.MINUTE);
    assertEquals(2, written.size(), "once");
    assertFalse(repetition.isCounting());
  }

  @Test
  void whatHappensAgainLaterIsToldInFull() {
    happens(ENTRY);
    passes(Repetition.AGAIN);
    happens(ENTRY);
    assertEquals(List.of(ENTRY, ENTRY), written);
  }

  @Test
  void whatDiffersIsNoRepetition() {
    happens(ENTRY);
    happens(Entry.of("request.refused", "peer", "8", "why", "invalid"));
    assertEquals(2, written.size());
  }

  private static Entry other(int number) {
    return Entry.of("request.refused", "package", "p" + number);
  }

  @Test
  void aMinuteHasSoManyEntriesAndACountOfTheOthers() {
    IntStream.range(0, 5000).forEach(number -> happens(other(number)));
    assertEquals(Repetition.ENTRIES_A_MINUTE, written.size());
    assertTrue(repetition.isCounting());
    passes(Repetition.MINUTE);
    assertEquals(
        Entry.of(
            "left.out",
            "of",
            "request.refused",
            "times",
            "" + (5000 - Repetition.ENTRIES_A_MINUTE)),
        written.getLast());
    happens(other(1));
    assertEquals(other(1), written.getLast(), "a new minute");
  }

  /** Or he who is refused often could do what is allowed unseen. */
  @Test
  void noEventHidesAnother() {
    IntStream.range(0, 5000).forEach(number -> happens(other(number)));
    var change = Entry.of("change.asked", "package", "hello");
    happens(change);
    assertEquals(change, written.getLast());
  }

  @Test
  void aClockThatIsSetBackSilencesNobody() {
    IntStream.range(0, 200).forEach(number -> happens(other(number)));
    now = now.minus(Duration.ofDays(1));
    happens(ENTRY);
    assertEquals(ENTRY, written.getLast());
  }

  private static int times(Entry entry) {
    return switch (entry.event()) {
      case "repeated", "left.out" ->
          Integer.parseInt(entry.fields().get(entry.fields().indexOf("times") + 1));
      default -> 1;
    };
  }

  @Test
  void whateverHappensIsBoundedAndCounted() {
    long seed = Long.getLong("seed", 20);
    var random = new Random(seed);
    var began = now;
    int happened = 100_000;
    for (int i = 0; i < happened; i++) {
      happens(other(random.nextInt(300)));
      passes(Duration.ofMillis(random.nextInt(5)));
    }
    long minutes = Duration.between(began, now).dividedBy(Repetition.MINUTE) + 1;
    assertTrue(
        written.size() <= minutes * (2 * Repetition.ENTRIES_A_MINUTE + 1), "with seed " + seed);
    written.addAll(repetition.rest(now));
    assertEquals(
        happened,
        written.stream().mapToInt(RepetitionTest::times).sum(),
        "nothing is lost, with seed " + seed);
  }
}
