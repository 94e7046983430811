package clawster.http.system;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Access;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** {@code GET /health} says that the process lives, {@code GET /ready} that it can serve. */
public final class SystemEndpoints {

  /** Version of the GoClaw wire protocol. */
  private static final int PROTOCOL = 3;

  private final String version;
  private final Supplier<CompletionStage<Void>> check;

  /**
   * @param check fails while this node cannot serve
   */
  public SystemEndpoints(String version, Supplier<CompletionStage<Void>> check) {
    this.version = version;
    this.check = check;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethods.GET,
            "/health",
            "Is it alive",
            Dialect.GOCLAW,
            Access.PUBLIC,
            0,
            this::health),
        new Endpoint(
            HttpMethods.GET,
            "/ready",
            "Can it serve",
            Dialect.GOCLAW,
            Access.PUBLIC,
            0,
            this::ready));
  }

  // GET /health
  private CompletionStage<HttpResponse> health(Call call) {
    if (call.header("Accept").filter(accept -> accept.startsWith("text/plain")).isPresent()) {
      return CompletableFuture.completedStage(
          HttpResponse.create().withEntity(ContentTypes.TEXT_PLAIN_UTF8, "ok"));
    }
    return CompletableFuture.completedStage(
        JsonAnswer.of(
            JsonNodeFactory.instance
                .objectNode()
                .put("status", "ok")
                .put("ok", true)
                .put("protocol", PROTOCOL)
                .put("name", "clawster")
                .put("version", version)));
  }

  // GET /ready
  private CompletionStage<HttpResponse> ready(Call call) {
    return check
        .get()
        .handle(
            (_, failure) -> {
              var body =
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("ready", failure == null)
                      .put("database", failure == null ? "ok" : "unreachable");
              var answer = JsonAnswer.of(body);
              return failure == null ? answer : answer.withStatus(StatusCodes.SERVICE_UNAVAILABLE);
            });
  }
}
