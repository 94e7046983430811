package clawster.http.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.limits.InMemoryRunCounts;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RunCounts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuotaEndpointsTest {

  private final InMemoryRunCounts counts =
      new InMemoryRunCounts(new HandClock(Instant.parse("2026-01-01T12:00:00Z")));

  private JsonNode usage(Quota quota, String query) throws Exception {
    return read(asked(endpoint(quota, counts), query));
  }

  private static Endpoint endpoint(Quota quota, RunCounts counts) {
    return new QuotaEndpoints(new Quotas(counts, () -> quota)).endpoints().getFirst();
  }

  private static CompletableFuture<HttpResponse> asked(Endpoint endpoint, String query) {
    var call =
        new Call(
            HttpRequest.GET("/v1/quota/usage" + query),
            Principal.GATEWAY,
            Map.of(),
            ByteString.emptyByteString(),
            "r1",
            new CompletableFuture<>());
    return endpoint.handler().handle(call).toCompletableFuture();
  }

  private static JsonNode read(CompletableFuture<HttpResponse> asked) throws Exception {
    var response = asked.join();
    assertEquals(200, response.status().intValue());
    var body = ((HttpEntity.Strict) response.entity()).getData().utf8String();
    return new ObjectMapper().readTree(body);
  }

  @Test
  void itSaysWhoHasUsedHowMuchOfWhat() throws Exception {
    var quota = new Quota(3, 20, 0);
    counts.begin("user ann lee", quota);
    counts.begin("user ann lee", quota);
    counts.begin("address 2001:db8:0:0::/64", quota);
    var expected =
        """
        {"enabled":true,"requestsToday":3,"uniqueUsersToday":2,"entries":[
          {"userId":"ann lee","kind":"user","hour":{"used":2,"limit":3},
           "day":{"used":2,"limit":20},"week":{"used":2,"limit":0}},
          {"userId":"2001:db8:0:0::/64","kind":"address","hour":{"used":1,"limit":3},
           "day":{"used":1,"limit":20},"week":{"used":1,"limit":0}}]}
        """;
    assertEquals(new ObjectMapper().readTree(expected), usage(quota, ""));
    assertEquals(1, usage(quota, "?limit=1").at("/entries").size());
  }

  /** What it reads grows with a week of all callers. */
  @Test
  void itIsReadOnceForAllWhoAskAtTheSameTime() throws Exception {
    var reads = new ArrayList<CompletableFuture<RunCounts.Usage>>();
    var slow =
        new RunCounts() {
          @Override
          public CompletionStage<Outcome> begin(String name, Quota quota) {
            throw new AssertionError("nobody begins");
          }

          @Override
          public CompletionStage<Void> takeBack(String name, Instant minute) {
            throw new AssertionError("nobody began");
          }

          @Override
          public CompletionStage<Usage> usage(int most) {
            reads.add(new CompletableFuture<>());
            return reads.getLast();
          }
        };
    var endpoint = endpoint(Quota.NONE, slow);
    var failing = asked(endpoint, "");
    reads.getFirst().completeExceptionally(new IllegalStateException("away"));
    assertThrows(CompletionException.class, failing::join);
    var waiting = List.of(asked(endpoint, ""), asked(endpoint, "?limit=1"), asked(endpoint, ""));
    assertEquals(2, reads.size(), "a failure is not kept");
    var used =
        List.of(new RunCounts.Used("user a", 2, 2, 2), new RunCounts.Used("user b", 1, 1, 1));
    reads.getLast().complete(new RunCounts.Usage(3, 2, used));
    assertEquals(2, read(waiting.get(0)).at("/entries").size());
    assertEquals(1, read(waiting.get(1)).at("/entries").size());
    assertEquals(3, read(asked(endpoint, "")).at("/requestsToday").asInt());
    assertEquals(2, reads.size());
  }

  @Test
  void withoutAQuotaItSaysSo() throws Exception {
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"enabled":false,"requestsToday":0,"uniqueUsersToday":0,"entries":[]}\
                """),
        usage(Quota.NONE, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "201", "-1", "NaN", "9223372036854775808", ""})
  void limitsThatAreNoneAreRefused(String limit) {
    assertThrows(BadRequest.class, () -> usage(Quota.NONE, "?limit=" + limit));
  }
}
