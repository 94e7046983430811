package clawster.http.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.InMemoryAnswerCounts;
import clawster.runtime.limits.InMemoryBuckets;
import clawster.runtime.limits.InMemoryRunCounts;
import clawster.runtime.limits.OpenAnswers;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RateLimiter;
import clawster.runtime.limits.RateRule;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Who is let through to what makes a model answer, and until when that counts. */
final class AnswerLimitsTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryAnswerCounts counts = new InMemoryAnswerCounts();

  private AnswerLimits limits(boolean open) {
    var rate = Optional.of(new RateLimiter(new InMemoryBuckets(clock), new RateRule(60), clock));
    return new AnswerLimits(open, () -> rate, Optional.empty(), Optional.empty());
  }

  private AnswerLimits atOnce() {
    var one = new AnswerLimits.AtOnce(new OpenAnswers(counts), () -> Optional.of(1));
    return new AnswerLimits(false, Optional::empty, Optional.of(one), Optional.empty());
  }

  private static Principal key(int number) {
    return new Principal.Key(new UUID(0, number), Set.of(Scope.WRITE), Optional.empty());
  }

  private Call call(Principal principal, String user) {
    var request = HttpRequest.POST("/");
    return new Call(
        user.isEmpty() ? request : request.addHeader(RawHeader.create("X-GoClaw-User-Id", user)),
        principal,
        Map.of(),
        ByteString.emptyByteString(),
        "r1",
        new CompletableFuture<>());
  }

  private static CompletionStage<HttpResponse> said() {
    return CompletableFuture.completedStage(HttpResponse.create().withEntity("said"));
  }

  private HttpResponse answer(Endpoint.Handler handler, Principal principal, String user) {
    return handler.handle(call(principal, user)).toCompletableFuture().join();
  }

  private int asked(Endpoint.Handler handler, Principal principal, String user) {
    return answer(handler, principal, user).status().intValue();
  }

  /** How many of ten are let through. */
  private int letThrough(Endpoint.Handler handler, Principal principal, String user) {
    int passed = 0;
    for (int i = 0; i < 10; i++) {
      passed += asked(handler, principal, user) == 200 ? 1 : 0;
    }
    return passed;
  }

  @Test
  void eachKeyHasItsOwnLimitAndEachUserOfTheGatewaysToken() {
    var handler = limits(false).on(Dialect.OPENAI, _ -> said());
    assertEquals(5, letThrough(handler, key(1), ""));
    assertEquals(0, letThrough(handler, key(1), "somebody-else"), "a key is one caller");
    assertEquals(5, letThrough(handler, key(2), ""));
    assertEquals(5, letThrough(handler, Principal.GATEWAY, ""));
    assertEquals(5, letThrough(handler, Principal.GATEWAY, "ann"));
    assertEquals(5, letThrough(handler, Principal.GATEWAY, "bob"));
    assertEquals(0, letThrough(handler, Principal.GATEWAY, "ann"));
    assertEquals(0, letThrough(handler, Principal.GATEWAY, "x".repeat(256)), "that is no user");
  }

  @Test
  void whereNoTokenIsSetAnAddressHasALimitWhateverUserItNames() {
    var handler = limits(true).on(Dialect.OPENAI, _ -> said());
    assertEquals(5, letThrough(handler, Principal.GATEWAY, "ann"));
    assertEquals(0, letThrough(handler, Principal.GATEWAY, "bob"));
    assertEquals(5, letThrough(handler, key(1), ""));
  }

  @Test
  void whoIsRefusedIsToldForHowLongInTheFormOfTheRoute() {
    var handler = limits(false).on(Dialect.OPENAI, _ -> said());
    letThrough(handler, key(1), "");
    var refused = answer(handler, key(1), "");
    assertEquals(429, refused.status().intValue());
    assertEquals("1", refused.getHeader("Retry-After").map(HttpHeader::value).orElse(""));
    var body = ((HttpEntity.Strict) refused.entity()).getData().utf8String();
    assertEquals(
        "{\"error\":{\"message\":\"You ask more often than the limit of 60 requests a minute"
            + " allows; try again in 1 seconds.\",\"type\":\"rate_limit_error\",\"param\":null,"
            + "\"code\":\"request.too_often\"}}",
        body);
  }

  private String begun(AnswerLimits limits, Principal principal, String user) {
    return begun(limits, principal, user, RunId.next());
  }

  private String begun(AnswerLimits limits, Principal principal, String user, RunId run) {
    return limits
        .run(
            call(principal, user),
            run,
            () -> CompletableFuture.completedStage("begun"),
            "begun"::equals,
            Problem::code)
        .toCompletableFuture()
        .join();
  }

  @Test
  void whoHasUsedUpTheirQuotaBeginsNoMore() {
    var quotas = new Quotas(new InMemoryRunCounts(clock), () -> new Quota(0, 1, 0));
    for (boolean open : new boolean[] {false, true}) {
      var limits = new AnswerLimits(open, Optional::empty, Optional.empty(), Optional.of(quotas));
      assertEquals("begun", begun(limits, key(open ? 1 : 2), ""));
      assertEquals("request.quota_used_up", begun(limits, key(open ? 1 : 2), "somebody-else"));
      assertEquals("begun", begun(limits, Principal.GATEWAY, "ann"));
    }
    var usage = quotas.usage(10).toCompletableFuture().join();
    assertEquals(
        Set.of("api_key", "user", "address"),
        usage.callers().stream()
            .map(used -> Asker.named(used.name()).kind())
            .collect(Collectors.toSet()));
    assertEquals("begun", begun(AnswerLimits.NONE, key(1), ""));
  }

  @Test
  void withoutLimitsEverybodyIsLetThrough() {
    assertEquals(10, letThrough(AnswerLimits.NONE.on(Dialect.OPENAI, _ -> said()), key(1), ""));
  }

  @Test
  void aRunIsUnderWayUntilItsAnswerHasEnded() {
    var limits = atOnce();
    var run = RunId.next();
    assertEquals("begun", begun(limits, key(1), "", run));
    assertEquals("begun", begun(limits, key(1), "", run), "it is the same one");
    assertEquals("request.too_many_answers", begun(limits, key(1), ""));
    assertEquals("begun", begun(limits, key(2), ""));
    limits.over(run);
    assertEquals("begun", begun(limits, key(1), ""));
  }

  @Test
  void whoHangsUpMakesNoRoom() {
    var limits = atOnce();
    var run = RunId.next();
    var end = new CompletableFuture<Done>();
    begun(limits, key(1), "", run);
    limits.left(run, () -> end);
    assertEquals("request.too_many_answers", begun(limits, key(1), ""));
    end.completeExceptionally(new IllegalStateException("its session was deleted"));
    assertEquals("begun", begun(limits, key(1), ""));
  }

  @Test
  void whatDoesNotCountIsNotFollowed() {
    AnswerLimits.NONE.left(RunId.next(), () -> fail("no limit"));
    atOnce().left(RunId.next(), () -> fail("begun elsewhere, or ended"));
  }

  @Test
  void aLimitThatIsTakenAwayLeavesNothingBehind() {
    var most = new AtomicReference<>(Optional.of(1));
    var set = new AnswerLimits.AtOnce(new OpenAnswers(counts), most::get);
    var limits = new AnswerLimits(false, Optional::empty, Optional.of(set), Optional.empty());
    var run = RunId.next();
    begun(limits, key(1), "", run);
    most.set(Optional.empty());
    assertEquals("begun", begun(limits, key(1), ""));
    limits.over(run);
    assertEquals(0, counts.open());
  }

  @Test
  void whereNothingCanBeCountedNothingBegins() {
    counts.away(true);
    var begun = new CompletableFuture<String>();
    var asked =
        atOnce()
            .run(
                call(key(1), ""),
                RunId.next(),
                () -> {
                  begun.complete("begun");
                  return begun;
                },
                "begun"::equals,
                Problem::code)
            .toCompletableFuture();
    assertThrows(CompletionException.class, asked::join);
    assertFalse(begun.isDone());
  }
}
