package clawster.http.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who is let through to what makes a model answer, and until when that counts. */
final class AnswerLimitsTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryAnswerCounts counts = new InMemoryAnswerCounts();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private AnswerLimits limits(boolean open) {
    var rate = Optional.of(new RateLimiter(new InMemoryBuckets(clock), new RateRule(60), clock));
    return new AnswerLimits(open, () -> rate, Optional::empty, Optional.empty());
  }

  private AnswerLimits atOnce() {
    var one = Optional.of(new AnswerLimits.AtOnce(new OpenAnswers(counts), 1));
    return new AnswerLimits(false, Optional::empty, () -> one, Optional.empty());
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
        gone);
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
    return limits
        .run(
            call(principal, user),
            RunId.next(),
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
      var limits = new AnswerLimits(open, Optional::empty, Optional::empty, Optional.of(quotas));
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
  void aWholeAnswerCountsUntilItIsThere() {
    var answer = new CompletableFuture<HttpResponse>();
    var handler = atOnce().on(Dialect.OPENAI, _ -> answer);
    var first = handler.handle(call(key(1), "")).toCompletableFuture();
    var second = answer(handler, key(1), "");
    assertEquals(429, second.status().intValue());
    assertEquals(1, counts.open());
    answer.complete(HttpResponse.create());
    assertEquals(200, first.join().status().intValue());
    assertEquals(0, counts.open());
  }

  @Test
  void aStreamCountsUntilItsEnd() {
    var handler =
        atOnce().on(Dialect.OPENAI, _ -> stream(Source.single(ByteString.emptyByteString())));
    var response = answer(handler, key(1), "");
    assertEquals(429, asked(handler, key(1), ""));
    assertEquals(200, asked(handler, key(2), ""));
    response
        .entity()
        .getDataBytes()
        .runWith(Sink.ignore(), KIT.system())
        .toCompletableFuture()
        .join();
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertEquals(1, counts.open(), "that of the other key");
              return null;
            });
  }

  @Test
  void aStreamCountsUntilItsCallerHasGone() {
    var handler = atOnce().on(Dialect.OPENAI, _ -> stream(Source.maybe()));
    answer(handler, key(1), "");
    assertEquals(1, counts.open());
    gone.complete(Done.getInstance());
    assertEquals(0, counts.open());
  }

  @Test
  void whatFailsDoesNotCountAnyMore() {
    for (Endpoint.Handler failing :
        new Endpoint.Handler[] {
          _ -> CompletableFuture.failedStage(new IllegalStateException("later")),
          _ -> {
            throw new IllegalStateException("at once");
          }
        }) {
      var handler = atOnce().on(Dialect.OPENAI, failing);
      assertThrows(CompletionException.class, () -> answer(handler, key(1), ""));
      assertEquals(0, counts.open());
    }
  }

  @Test
  void whereNothingCanBeCountedNothingBegins() {
    counts.away(true);
    var begun = new CompletableFuture<Done>();
    var handler =
        atOnce()
            .on(
                Dialect.OPENAI,
                _ -> {
                  begun.complete(Done.getInstance());
                  return said();
                });
    assertThrows(CompletionException.class, () -> answer(handler, key(1), ""));
    assertFalse(begun.isDone());
  }

  private static CompletionStage<HttpResponse> stream(Source<ByteString, ?> bytes) {
    return CompletableFuture.completedStage(
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.TEXT_PLAIN_UTF8, bytes.mapMaterializedValue(m -> (Object) m))));
  }
}
