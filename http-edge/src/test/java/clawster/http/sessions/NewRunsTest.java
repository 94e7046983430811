package clawster.http.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.runs.RunId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class NewRunsTest {

  private final NewRuns runs = new NewRuns(Optional.of(run(1)));

  private static RunId run(int number) {
    return new RunId(new UUID(0, number));
  }

  @Test
  void aRunIsToldOnce() {
    assertEquals(List.of(run(2)), runs.of(List.of(), Optional.of(run(2))));
    assertEquals(List.of(), runs.of(List.of(run(2)), Optional.of(run(2))));
    assertEquals(List.of(), runs.of(List.of(run(2)), Optional.empty()));
  }

  @Test
  void runsThatDidNotRingComeBeforeTheOneThatDid() {
    assertEquals(
        List.of(run(2), run(3), run(4)),
        runs.of(List.of(run(2), run(3), run(4)), Optional.of(run(4))));
    assertEquals(Optional.of(run(4)), runs.last());
  }

  @Test
  void aRingAloneDoesNotMovePastRunsThatWereNotSeenYet() {
    assertEquals(List.of(run(4)), runs.of(List.of(), Optional.of(run(4))));
    assertEquals(Optional.of(run(1)), runs.last());
    assertEquals(
        List.of(run(2), run(3)), runs.of(List.of(run(2), run(3), run(4)), Optional.empty()));
  }

  @Test
  void aRunThatHadNotBegunIsToldWhenItRings() {
    assertEquals(List.of(run(2)), runs.of(List.of(run(2)), Optional.empty()));
    assertTrue(runs.forget(run(2)));
    assertEquals(List.of(run(3)), runs.of(List.of(), Optional.of(run(3))));
    assertEquals(List.of(run(2)), runs.of(List.of(), Optional.of(run(2))));
    assertEquals(List.of(), runs.of(List.of(), Optional.of(run(2))));
  }

  @Test
  void aRunThatRangWhileItWasFoundNotToHaveBegunIsNotForgotten() {
    assertEquals(List.of(run(2)), runs.of(List.of(run(2)), Optional.empty()));
    assertEquals(List.of(), runs.of(List.of(), Optional.of(run(2))));
    assertFalse(runs.forget(run(2)));
    assertTrue(runs.forget(run(2)));
  }
}
