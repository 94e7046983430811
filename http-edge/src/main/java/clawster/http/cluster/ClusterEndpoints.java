package clawster.http.cluster;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Parameter.path;
import static clawster.http.contract.Schema.text;

import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.Refusals;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import clawster.runtime.nodes.NodeReport;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.sessions.Sessions;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** {@code /v1/cluster}. */
public final class ClusterEndpoints {

  private static final Chapter CLUSTER =
      new Chapter("Cluster", "Which nodes there are, and how one is taken out.", Dialect.GOCLAW);

  private static final Problem UNKNOWN = Problem.of(Kind.NOT_FOUND, "cluster.node_not_found");
  private static final Problem LAST = Problem.of(Kind.CONFLICT, "cluster.last_node");

  /** For the test that every code has a sentence. */
  public static final List<Problem> ALL = List.of(UNKNOWN, LAST);

  private final Nodes nodes;
  private final Sessions sessions;

  public ClusterEndpoints(Nodes nodes, Sessions sessions) {
    this.nodes = nodes;
    this.sessions = sessions;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        CLUSTER
            .get("/v1/cluster", Access.ADMIN, "Members, and what they do")
            .answers(200, "As this node sees it", json(ClusterSchemas.VIEW))
            .servedBy(this::cluster),
        CLUSTER
            .post(
                "/v1/cluster/nodes/{id}/drain",
                Access.ADMIN,
                "Hand over what a node has, and end it")
            .takes(path("id", text(), "The node's, as the list says, or its name"))
            .answers(202, "It has been told", json(ClusterSchemas.DRAINING))
            .refuses(UNKNOWN, LAST)
            .servedBy(this::drain)
            .recordedAs(Action.NODE_DRAINED));
  }

  // GET /v1/cluster
  private CompletionStage<HttpResponse> cluster(Call call) {
    long asked = System.nanoTime();
    var database =
        sessions
            .directory()
            .check()
            .handle((_, failure) -> database(failure == null, System.nanoTime() - asked));
    var all = nodes.all();
    return sessions
        .shards()
        .thenCombine(database, (shards, checked) -> view(all, shards, checked))
        .thenCombine(
            UnreadableList.of(all, sessions.directory()),
            (view, unreadable) -> JsonAnswer.of(unreadable.into(view)));
  }

  private static ObjectNode database(boolean answers, long nanos) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("status", answers ? "ok" : "unreachable");
    return answers ? node.put("latencyMs", nanos / 10_000 / 100.0) : node;
  }

  private static ObjectNode view(
      List<Nodes.Node> all, Map<String, Integer> shards, ObjectNode database) {
    var view = JsonNodeFactory.instance.objectNode();
    var members = view.putArray("members");
    var unreachable = view.putArray("unreachable");
    for (var node : all) {
      members.add(member(node, shards.getOrDefault(node.address(), 0)));
      if (!node.reachable()) {
        unreachable.add(node.id());
      }
    }
    view.put("shards", shards.values().stream().mapToInt(Integer::intValue).sum());
    view.set("database", database);
    return view;
  }

  private static ObjectNode member(Nodes.Node node, int shards) {
    var member = JsonNodeFactory.instance.objectNode();
    member.put("id", node.id()).put("address", node.address()).put("status", node.status());
    member.put("reachable", node.reachable()).put("leader", node.leader());
    var roles = member.putArray("roles");
    node.roles().forEach(roles::add);
    member.put("shards", shards);
    node.report().ifPresent(report -> report(member, report));
    return member;
  }

  private static void report(ObjectNode member, NodeReport report) {
    member.put("name", report.name()).put("url", report.url()).put("version", report.version());
    member.put("draining", report.leaving() != NodeReport.Leaving.NO);
    member.put("sessions", report.sessions()).put("runs", report.runs());
    member.put("heapBytes", report.heap()).put("maxHeapBytes", report.maxHeap());
    member.put("startedAt", report.started().toString());
    member.put("reportedAt", report.at().toString());
  }

  // POST /v1/cluster/nodes/{id}/drain
  private CompletionStage<HttpResponse> drain(Call call) {
    var found = nodes.find(call.variable("id"));
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(
          Refusals.response(Dialect.GOCLAW, UNKNOWN.with("id", call.variable("id"))));
    }
    var node = found.get();
    return nodes
        .drain(node)
        .thenApply(
            drained ->
                switch (drained) {
                  case ASKED -> draining(node);
                  case UNKNOWN ->
                      Refusals.response(Dialect.GOCLAW, UNKNOWN.with("id", call.variable("id")));
                  case LAST -> Refusals.response(Dialect.GOCLAW, LAST);
                });
  }

  private static HttpResponse draining(Nodes.Node node) {
    var answer = JsonNodeFactory.instance.objectNode().put("ok", true).put("id", node.id());
    return JsonAnswer.of(answer).withStatus(StatusCodes.ACCEPTED);
  }
}
