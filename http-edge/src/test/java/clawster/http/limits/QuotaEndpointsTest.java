package clawster.http.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.limits.InMemoryRunCounts;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.Quotas;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuotaEndpointsTest {

  private final InMemoryRunCounts counts =
      new InMemoryRunCounts(new HandClock(Instant.parse("2026-01-01T12:00:00Z")));

  private JsonNode usage(Quota quota, String query) throws Exception {
    var endpoint = new QuotaEndpoints(new Quotas(counts, () -> quota)).endpoints().getFirst();
    var call =
        new Call(
            HttpRequest.GET("/v1/quota/usage" + query),
            Principal.GATEWAY,
            Map.of(),
            ByteString.emptyByteString(),
            "r1",
            new CompletableFuture<>());
    var response = endpoint.handler().handle(call).toCompletableFuture().join();
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
