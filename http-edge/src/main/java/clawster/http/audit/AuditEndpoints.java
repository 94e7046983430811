package clawster.http.audit;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Parameter.query;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.whole;

import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Flaw;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /v1/activity}, in GoClaw's shape. For admins: it says who is where, and which keys there
 * are.
 */
public final class AuditEndpoints {

  private static final Chapter ACTIVITY =
      new Chapter("Activity", "Who changed what, and who was turned away.", Dialect.GOCLAW);

  private static final Schema PAGE =
      named(
          "Activity",
          object(
              field(
                  "logs",
                  listOf(
                      object(
                          field("id", uuid()),
                          field("actor_type", text()),
                          field("actor_id", text()),
                          field("action", text()),
                          field("entity_type", text()),
                          optional("entity_id", text()),
                          optional("details", tableOf(text())),
                          optional("ip_address", text()),
                          field("created_at", time())))),
              field("total", count(), "How many there are of that kind"),
              field("limit", count()),
              field("offset", count())));

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_OFFSET = 10_000_000;
  private static final int MAX_FILTER = 512;

  private final AuditLog log;

  public AuditEndpoints(AuditLog log) {
    this.log = log;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        ACTIVITY
            .get("/v1/activity", Access.ADMIN, "List who changed what")
            .takes(
                filter("actor_type", "By what they are: gateway, api_key and so on"),
                filter("actor_id", "By who they are"),
                filter("action", "By what was done: session.deleted and so on"),
                filter("entity_type", "By the kind of thing it was done to"),
                filter("entity_id", "By the thing"),
                query(
                    "limit",
                    whole(1, MAX_LIMIT),
                    "How many at most; %d if it is absent".formatted(DEFAULT_LIMIT)),
                query("offset", whole(0, MAX_OFFSET), "How many to pass over"))
            .answers(200, "The newest first", json(PAGE))
            .refuses(RequestProblems.FIELD)
            .servedBy(this::list));
  }

  private static Parameter filter(String name, String description) {
    return query(name, text(0, MAX_FILTER), description);
  }

  // GET /v1/activity
  private CompletionStage<HttpResponse> list(Call call) {
    var query =
        new AuditLog.Query(
            filter(call, "actor_type"),
            filter(call, "actor_id"),
            filter(call, "action"),
            filter(call, "entity_type"),
            filter(call, "entity_id"),
            call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
            call.number("offset", 0, 0, MAX_OFFSET));
    return log.list(query).thenApply(page -> JsonAnswer.of(page(page, query)));
  }

  /** An empty one asks for all, as a form that was not filled in does. */
  private static Optional<String> filter(Call call, String name) {
    var given = call.line(name).filter(text -> !text.isEmpty());
    if (given.filter(text -> text.length() > MAX_FILTER).isPresent()) {
      throw new BadRequest(RequestProblems.field(name, Flaw.longer(MAX_FILTER)));
    }
    return given;
  }

  private static ObjectNode page(AuditLog.Page page, AuditLog.Query query) {
    var root = JsonNodeFactory.instance.objectNode();
    var logs = root.putArray("logs");
    page.entries().forEach(entry -> logs.add(listed(entry)));
    return root.put("total", page.total())
        .put("limit", query.limit())
        .put("offset", query.offset());
  }

  private static ObjectNode listed(AuditEntry entry) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", entry.id().toString());
    node.put("actor_type", entry.actor().type()).put("actor_id", entry.actor().id());
    node.put("action", entry.action()).put("entity_type", entry.entityType());
    entry.entityId().ifPresent(id -> node.put("entity_id", id));
    if (!entry.details().isEmpty()) {
      var details = node.putObject("details");
      entry.details().forEach(details::put);
    }
    entry.address().ifPresent(address -> node.put("ip_address", address));
    return node.put("created_at", entry.at().toString());
  }
}
