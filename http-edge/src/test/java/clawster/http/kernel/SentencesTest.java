package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import org.junit.jupiter.api.Test;

final class SentencesTest {

  @Test
  void factsFillTheirPlaces() {
    assertEquals(
        "messages[0].role: unknown role robot",
        Sentences.of(RequestProblems.field("messages[0].role", "unknown role robot"), Language.EN));
  }

  @Test
  void whatACallerWroteIsNeverAPlaceItself() {
    assertEquals(
        "{detail}: {param}",
        Sentences.of(RequestProblems.field("{detail}", "{param}"), Language.EN));
    assertEquals(
        "There is nothing at /$1\\.", Sentences.of(RequestProblems.notFound("/$1\\"), Language.EN));
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
