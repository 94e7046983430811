package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.http.kernel.Endpoint.Dialect;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguageTest {

  @ParameterizedTest
  @CsvSource({
    "'', EN",
    "*, EN",
    "vi, VI",
    "VI, VI",
    "vi-VN, VI",
    "zh-Hans-CN, ZH",
    "'fr, zh;q=0.8, en;q=0.7', ZH",
    "'en;q=0.3, vi;q=0.9', VI",
    "'zh, vi', ZH",
    "'vi;q=0, zh;q=0.1', ZH",
    "'vi;q=0', EN",
    "'vi;q=high', EN",
    "'vi;level=1', EN",
    "vietnamese, EN",
    "'de, fr', EN",
    "' zh ; q=1 ', ZH",
    "',,;,;q=1,vi', VI",
  })
  void theOneThatIsLikedBest(String accepted, Language language) {
    assertEquals(language, Language.of(accepted));
  }

  @Test
  void aLongHeaderIsReadInBoundedTime() {
    assertEquals(Language.EN, Language.of("fr,".repeat(100_000) + "vi"));
  }

  private static String said(HttpResponse response) {
    return ((HttpEntity.Strict) response.entity()).getData().utf8String();
  }

  @Test
  void aRefusalIsTranslatedAndNothingElseOfItChanges() {
    var refusal = Refusals.response(Dialect.OPENAI, RequestProblems.notFound("/x"));
    var translated = Refusals.in(() -> Language.ZH, refusal);
    assertEquals(refusal.status(), translated.status());
    assertEquals(
        "{\"error\":{\"message\":\"/x 处没有内容。\",\"type\":\"invalid_request_error\",\"param\":null,"
            + "\"code\":\"request.not_found\"}}",
        said(translated));
    assertEquals("zh", translated.getHeader("Content-Language").orElseThrow().value());
    assertEquals(said(refusal), said(Refusals.in(() -> Language.EN, refusal)));
  }

  @Test
  void whatIsNoRefusalStaysAsItIs() {
    var answer = HttpResponse.create().withEntity("hello");
    assertEquals(answer, Refusals.in(() -> Language.VI, answer));
  }
}
