package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import org.junit.jupiter.api.Test;

final class SentencesTest {

  @Test
  void factsFillTheirPlaces() {
    assertEquals(
        "messages[0].role: robot is not known here",
        Sentences.of(
            RequestProblems.field("messages[0].role", Flaw.unknown("robot")), Language.EN));
  }

  @Test
  void whatACallerWroteIsNeverAPlaceItself() {
    assertEquals(
        "{flaw}: {param} is not known here",
        Sentences.of(RequestProblems.field("{flaw}", Flaw.unknown("{param}")), Language.EN));
    assertEquals(
        "There is nothing at /$1\\.", Sentences.of(RequestProblems.notFound("/$1\\"), Language.EN));
  }

  /** Both in the language of whoever reads it. */
  @Test
  void aFlawIsSaidWithinTheSentence() {
    var problem = RequestProblems.field("limit", Flaw.whole(1, 200));
    assertEquals("limit：应为 1 到 200 之间的整数", Sentences.of(problem, Language.ZH));
    assertEquals("limit: cần một số nguyên từ 1 đến 200", Sentences.of(problem, Language.VI));
  }

  @Test
  void aPlaceWithoutAFactStays() {
    assertEquals(
        "There is nothing at {path}.",
        Sentences.of(Problem.of(Kind.NOT_FOUND, "request.not_found"), Language.EN));
  }

  @Test
  void aCodeWithoutASentenceSaysItsDetailElseItself() {
    var unknown = Problem.of(Kind.INTERNAL, "upstream.never_heard_of");
    assertEquals("upstream.never_heard_of", Sentences.of(unknown, Language.EN));
    assertEquals("no more tea", Sentences.of(unknown.with("detail", "no more tea"), Language.EN));
  }
}
