package clawster.http.system;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Content;
import clawster.http.contract.Schema;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** {@code GET /health} says that the process lives, {@code GET /ready} that it can serve. */
public final class SystemEndpoints {

  /** Version of the GoClaw wire protocol. */
  private static final int PROTOCOL = 3;

  private static final Chapter SYSTEM =
      new Chapter("System", "What tells whether a node lives and can serve.", Dialect.GOCLAW);

  private static final Schema HEALTH =
      object(
          field("status", words("ok")),
          field("ok", flag()),
          field("protocol", whole(), "Version of GoClaw's wire protocol"),
          field("name", text()),
          field("version", text()));

  private static final Schema READY =
      named(
          "Ready",
          object(
              field("ready", flag()),
              field("database", words("ok", "unreachable")),
              field("workspaces", words("ok", "missing")),
              field("member", flag(), "Whether it knows itself to belong to the cluster"),
              field("leaving", flag(), "Whether it is about to go")));

  private final String version;
  private final Supplier<CompletionStage<Void>> database;
  private final Supplier<CompletionStage<Void>> workspaces;
  private final BooleanSupplier member;
  private final BooleanSupplier leaving;

  /**
   * @param database fails while it cannot be reached
   * @param workspaces fails while the directory that all nodes see cannot be seen
   * @param member whether this node knows itself to belong to the cluster
   * @param leaving whether it is about to go
   */
  public SystemEndpoints(
      String version,
      Supplier<CompletionStage<Void>> database,
      Supplier<CompletionStage<Void>> workspaces,
      BooleanSupplier member,
      BooleanSupplier leaving) {
    this.version = version;
    this.database = database;
    this.workspaces = workspaces;
    this.member = member;
    this.leaving = leaving;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        SYSTEM
            .get("/health", Access.PUBLIC, "Is it alive")
            .answers(200, "It is", json(HEALTH), Content.media("text/plain"))
            .servedBy(this::health),
        SYSTEM
            .get("/ready", Access.PUBLIC, "Can it serve")
            .answers(200, "It can", json(READY))
            .answers(503, "It cannot, and why", json(READY))
            .servedBy(this::ready));
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
    return works(database.get()).thenCombine(works(workspaces.get()), this::ready);
  }

  private static CompletionStage<Boolean> works(CompletionStage<Void> check) {
    return check.handle((_, failure) -> failure == null);
  }

  private HttpResponse ready(boolean database, boolean workspaces) {
    boolean ready = database && workspaces && member.getAsBoolean() && !leaving.getAsBoolean();
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("ready", ready)
            .put("database", database ? "ok" : "unreachable")
            .put("workspaces", workspaces ? "ok" : "missing")
            .put("member", member.getAsBoolean())
            .put("leaving", leaving.getAsBoolean());
    var answer = JsonAnswer.of(body);
    return ready ? answer : answer.withStatus(StatusCodes.SERVICE_UNAVAILABLE);
  }
}
