package clawster.runtime.limits;

import static clawster.runtime.limits.GuessCountsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class OpenAnswersTest {

  private final InMemoryAnswerCounts counts = new InMemoryAnswerCounts();
  private final OpenAnswers answers = new OpenAnswers(counts);

  private OpenAnswers.Open begin() {
    return done(answers.begin("a", 2)).orElseThrow();
  }

  @Test
  void anAnswerCountsUntilItIsClosed() {
    var one = begin();
    begin();
    assertTrue(done(answers.begin("a", 2)).isEmpty());
    one.close();
    one.close();
    assertEquals(1, counts.open());
    begin();
    assertTrue(done(answers.begin("a", 2)).isEmpty());
  }

  @Test
  void anEndThatCouldNotBeToldIsToldLater() {
    var one = begin();
    counts.away(true);
    one.close();
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
    one.close();
    done(answers.renew());
    assertEquals(0, counts.open());
  }

  @Test
  void whereNothingCanBeCountedNothingBegins() {
    counts.away(true);
    assertThrows(CompletionException.class, () -> done(answers.begin("a", 2)));
  }
}
