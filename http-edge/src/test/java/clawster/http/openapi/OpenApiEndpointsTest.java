package clawster.http.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonBody;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Principal;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class OpenApiEndpointsTest {

  private static final Endpoint THING =
      new Chapter("Things", "What there is.", Dialect.GOCLAW)
          .get("/v1/things", Access.READ, "List things")
          .answers(200, "All of them")
          .servedBy(_ -> CompletableFuture.failedStage(new IllegalStateException("not called")));

  private static final Endpoint DOCUMENT =
      new OpenApiEndpoints("1.2.3", () -> List.of(THING)).endpoints().getFirst();

  private static HttpResponse get(HttpRequest request) {
    var call =
        new Call(
            request,
            Principal.ANYBODY,
            Map.of(),
            ByteString.emptyByteString(),
            "r1",
            new CompletableFuture<>());
    return DOCUMENT.handler().handle(call).toCompletableFuture().join();
  }

  private static String text(HttpResponse response) {
    return ((HttpEntity.Strict) response.entity()).getData().utf8String();
  }

  private static JsonNode document() throws Exception {
    return JsonBody.MAPPER.readTree(text(get(HttpRequest.GET("/v1/openapi.json"))));
  }

  @Test
  void itHasWhatIsServed() throws Exception {
    assertEquals(Access.PUBLIC, DOCUMENT.access());
    assertEquals("1.2.3", document().at("/info/version").asText());
    assertTrue(document().at("/paths/~1v1~1things/get").isObject());
  }

  @Test
  void whoHasItAlreadyIsToldSo() {
    var tag = get(HttpRequest.GET("/v1/openapi.json")).getHeader("ETag").orElseThrow().value();
    var again =
        get(HttpRequest.GET("/v1/openapi.json").addHeader(RawHeader.create("If-None-Match", tag)));
    assertEquals(304, again.status().intValue());
    assertEquals("", text(again));
  }
}
