package clawster.http.chat;

import clawster.http.kernel.Call;
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
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code GET /v1/models}: agents under all the names a chat completion takes. */
public final class ModelEndpoints {

  private final Agents agents;
  private final Instant started;

  public ModelEndpoints(Agents agents, Instant started) {
    this.agents = agents;
    this.started = started;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethods.GET,
            "/v1/models",
            "List what can be asked",
            Dialect.OPENAI,
            Access.READ,
            0,
            this::list),
        new Endpoint(
            HttpMethods.GET,
            "/v1/models/{id...}",
            "Get one thing that can be asked",
            Dialect.OPENAI,
            Access.READ,
            0,
            this::get));
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
