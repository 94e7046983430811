package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Ids;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class OpenAnswersTest {

  private final InMemoryAnswerCounts counts = new InMemoryAnswerCounts();
  private final OpenAnswers answers = new OpenAnswers(counts);

  private UUID begin() {
    var run = Ids.next();
    assertTrue(done(answers.begin(run, "a", 2)));
    return run;
  }

  private boolean isFull() {
    return !done(answers.begin(Ids.next(), "a", 2));
  }

  @Test
  void anAnswerCountsUntilItEnds() {
    var one = begin();
    begin();
    assertTrue(isFull());
    assertTrue(answers.isOpen(one));
    answers.end(one);
    answers.end(one);
    assertFalse(answers.isOpen(one));
    assertEquals(1, counts.open());
    begin();
    assertTrue(isFull());
  }

  @Test
  void anEndThatCouldNotBeToldIsToldLater() {
    var one = begin();
    counts.away(true);
    answers.end(one);
    assertThrows(CompletionException.class, () -> done(answers.renew()));
    counts.away(false);
    assertEquals(1, counts.open());
    done(answers.renew());
    assertEquals(0, counts.open());
  }

  @Test
  void whatGoesOnIsSaidToGoOn() {
    var one = begin();
    counts.forget();
    assertEquals(0, counts.open());
    done(answers.renew());
    assertEquals(1, counts.open());
    answers.end(one);
    done(answers.renew());
    assertEquals(0, counts.open());
  }

  @Test
  void whereNothingCanBeCountedNothingBegins() {
    counts.away(true);
    assertThrows(CompletionException.class, () -> done(answers.begin(Ids.next(), "a", 2)));
  }
}
