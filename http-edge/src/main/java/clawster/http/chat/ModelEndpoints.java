package clawster.http.chat;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Parameter.path;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code GET /v1/models}: agents under all the names a chat completion takes. */
public final class ModelEndpoints {

  private static final Chapter MODELS =
      new Chapter("Models", "What can be asked, as OpenAI's clients list it.", Dialect.OPENAI);

  private static final Schema MODEL =
      named(
          "Model",
          object(
              field("id", text(), "What a chat completion calls it"),
              field("object", words("model")),
              field("created", whole(), "Seconds since the epoch"),
              field("owned_by", text(), "The provider that answers for it")));

  private final Agents agents;
  private final Instant started;

  public ModelEndpoints(Agents agents, Instant started) {
    this.agents = agents;
    this.started = started;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        MODELS
            .get("/v1/models", Access.READ, "List what can be asked")
            .answers(
                200,
                "Agents, under all names that a chat completion takes",
                json(object(field("object", words("list")), field("data", listOf(MODEL)))))
            .servedBy(this::list),
        MODELS
            .get("/v1/models/{id...}", Access.READ, "Get one thing that can be asked")
            .takes(path("id", text(), "One of its names; slashes may stand as they are"))
            .answers(200, "It", json(MODEL))
            .refuses(ChatProblems.NO_SUCH_MODEL)
            .servedBy(this::get));
  }

  private Map<String, Agent> names() {
    var names = new LinkedHashMap<String, Agent>();
    agents.all().forEach(agent -> names.put(agent.key(), agent));
    agents.all().forEach(agent -> names.put("goclaw:" + agent.key(), agent));
    agents.find(Agents.DEFAULT).ifPresent(agent -> names.put("openclaw", agent));
    agents.all().forEach(agent -> names.put("openclaw/" + agent.key(), agent));
    return names;
  }

  // GET /v1/models
  private CompletionStage<HttpResponse> list(Call call) {
    var root = JsonNodeFactory.instance.objectNode();
    root.put("object", "list");
    var data = root.putArray("data");
    names().forEach((name, agent) -> data.add(model(name, agent)));
    return CompletableFuture.completedStage(JsonAnswer.of(root));
  }

  // GET /v1/models/{id}
  private CompletionStage<HttpResponse> get(Call call) {
    var id = call.variable("id");
    var agent = Optional.ofNullable(names().get(id)).orElseThrow(() -> ChatOrder.unknown(id));
    return CompletableFuture.completedStage(JsonAnswer.of(model(id, agent)));
  }

  private ObjectNode model(String id, Agent agent) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", "model")
        .put("created", started.getEpochSecond())
        .put("owned_by", agent.model().split("/", 2)[0]);
  }
}
