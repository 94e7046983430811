package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RefusalsTest {

  @Test
  void openAiGetsAnObjectWithFourFields() {
    assertEquals(
        """
        {"error":{"message":"n: one of these is expected: 1","type":"invalid_request_error","param":"n",\
        "code":"request.field"}}\
        """,
        Refusals.body(Dialect.OPENAI, RequestProblems.field("n", Flaw.notOneOf("1")), Language.EN)
            .toString());
  }

  @Test
  void openAiGetsANullWhereNoParameterIsToBlame() {
    assertTrue(
        Refusals.body(Dialect.OPENAI, IdentityProblems.UNAUTHORIZED, Language.EN)
            .at("/error/param")
            .isNull());
  }

  @Test
  void goClawGetsASentence() {
    assertEquals(
        "{\"error\":\"A valid gateway token, API key or paired device is required.\"}",
        Refusals.body(Dialect.GOCLAW, IdentityProblems.UNAUTHORIZED, Language.EN).toString());
  }

  @ParameterizedTest
  @EnumSource
  void everyKindIsAnError(Kind kind) {
    var status = Refusals.status(Dialect.OPENAI, kind);
    assertTrue(status >= 400 && status < 600, kind + " is " + status);
    var response = Refusals.response(Dialect.OPENAI, Problem.of(kind, "some.code"));
    assertEquals(status, response.status().intValue());
    assertTrue(
        Refusals.body(Dialect.OPENAI, Problem.of(kind, "some.code"), Language.EN)
            .at("/error/type")
            .asText()
            .matches("[a-z_]+"));
  }

  @Test
  void aConflictIsNothingThatOpenAisSdksWouldTryAgain() {
    assertEquals(422, Refusals.status(Dialect.OPENAI, Kind.CONFLICT));
    assertEquals(409, Refusals.status(Dialect.GOCLAW, Kind.CONFLICT));
  }

  @Test
  void whatWasAcceptedIsNotToBeAskedAgain() {
    var busy = Problem.of(Kind.BUSY, "some.code");
    var header = "x-should-retry";
    assertEquals(
        "false",
        Refusals.afterAcceptance(Dialect.OPENAI, busy).getHeader(header).orElseThrow().value());
    assertTrue(Refusals.response(Dialect.OPENAI, busy).getHeader(header).isEmpty());
  }

  @Test
  void whoIsNotKnownIsToldHowToBecomeSo() {
    var refused = Refusals.response(Dialect.GOCLAW, IdentityProblems.UNAUTHORIZED);
    assertEquals("Bearer", refused.getHeader("WWW-Authenticate").orElseThrow().value());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "999, 1", "1000, 1", "1001, 2", "5000, 5"})
  void waitsAreWholeSecondsAndNeverTooShort(long millis, String seconds) {
    var problem = Problem.of(Kind.BUSY, "some.code").retryAfter(Duration.ofMillis(millis));
    assertEquals(seconds, retryAfter(Refusals.response(Dialect.GOCLAW, problem)));
  }

  @Test
  void whereWaitingDoesNotHelpNoneIsAskedFor() {
    assertEquals("", retryAfter(Refusals.response(Dialect.GOCLAW, RequestProblems.SLOW)));
  }

  private static String retryAfter(HttpResponse response) {
    return response.getHeader("Retry-After").map(HttpHeader::value).orElse("");
  }
}
