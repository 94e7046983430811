package clawster.http.openapi;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Schema.anything;
import static clawster.http.contract.Schema.tableOf;

import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Tagged;
import clawster.runtime.identity.Access;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code GET /v1/openapi.json}: what all endpoints say of themselves. */
public final class OpenApiEndpoints {

  private static final Chapter DOCUMENT = new Chapter("Document", "This document.", Dialect.GOCLAW);

  private final String version;
  private final Supplier<List<Endpoint>> all;
  private volatile Optional<Tagged> written = Optional.empty();

  /**
   * @param all that is served, this endpoint among them; asked for when somebody asks
   */
  public OpenApiEndpoints(String version, Supplier<List<Endpoint>> all) {
    this.version = version;
    this.all = all;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        DOCUMENT
            .get("/v1/openapi.json", Access.PUBLIC, "This document")
            .takes(Tagged.KNOWN)
            .answers(200, "OpenAPI 3.0.3", json(tableOf(anything())))
            .answers(304, "It is what you have")
            .servedBy(this::document));
  }

  // GET /v1/openapi.json
  private CompletionStage<HttpResponse> document(Call call) {
    return CompletableFuture.completedStage(written().answer(call));
  }

  /** By whoever asks first, or who asks meanwhile too: a start should not wait for it. */
  private Tagged written() {
    if (written.isEmpty()) {
      var operations = all.get().stream().map(Endpoint::operation).toList();
      var text = OpenApi.document(version, operations).toString();
      written =
          Optional.of(
              Tagged.of(text.getBytes(StandardCharsets.UTF_8), ContentTypes.APPLICATION_JSON));
    }
    return written.orElseThrow();
  }
}
