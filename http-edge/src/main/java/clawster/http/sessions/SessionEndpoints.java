package clawster.http.sessions;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Parameter.header;
import static clawster.http.contract.Parameter.path;
import static clawster.http.contract.Parameter.query;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.whole;

import clawster.http.contract.Content;
import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Draft;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.RequestProblems;
import clawster.http.kernel.Sse;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionCommand;
import clawster.runtime.sessions.SessionDirectory;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionMessage;
import clawster.runtime.sessions.SessionProblems;
import clawster.runtime.sessions.Sessions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** {@code /v1/sessions}. */
public final class SessionEndpoints {

  private static final Chapter SESSIONS =
      new Chapter("Sessions", "Conversations that are kept.", Dialect.GOCLAW);

  private static final Parameter KEY =
      path("key", text(1, SessionKey.MAX_LENGTH), "The session's; printable characters");

  /** Why one may refuse what is no message. */
  private static final List<Problem> PROBLEMS =
      List.of(
          RequestProblems.FIELD,
          SessionProblems.NOT_FOUND,
          SessionProblems.NODE_BUSY,
          SessionProblems.UNAVAILABLE,
          SessionProblems.UNREADABLE,
          SessionProblems.FAULT);

  private static final Schema PLACE =
      formed(EventPosition.FORM.pattern(), "018f6b3e-0000-7000-8000-000000000000-0");

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_OFFSET = 1_000_000;

  private final Sessions sessions;
  private final Clock clock;
  private final Departure departure;

  public SessionEndpoints(Sessions sessions, Clock clock, Departure departure) {
    this.sessions = sessions;
    this.clock = clock;
    this.departure = departure;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        SESSIONS
            .get("/v1/sessions", Access.READ, "List sessions")
            .takes(
                query(
                    "limit",
                    whole(1, MAX_LIMIT),
                    "How many at most; %d if it is absent".formatted(DEFAULT_LIMIT)),
                query("offset", whole(0, MAX_OFFSET), "How many to pass over"),
                query("agent_id", text(), "Only this agent's"),
                query("agentId", text(), "The same, where that is absent"),
                query("channel", text(), "Only those that came from there"),
                query("stateless", flag(), "Whether those of one call are listed too"))
            .answers(200, "Those that changed last first", json(SessionSchemas.PAGE))
            .refuses(RequestProblems.FIELD)
            .servedBy(this::list),
        showing(SESSIONS.get("/v1/sessions/{key}", Access.READ, "Get a session with messages")),
        showing(
            SESSIONS.post(
                "/v1/sessions/{key}/preview", Access.READ, "Get a session with messages")),
        SESSIONS
            .patch(
                "/v1/sessions/{key}", Access.WRITE, "Change label, model, input mode or metadata")
            .takes(KEY)
            .reads(SessionPatch.SCHEMA, Endpoint.MIB, SessionSchemas.EXAMPLE)
            .answers(200, "It is changed", json(object(field("ok", flag()), field("key", text()))))
            .refuses(PROBLEMS)
            .servedBy(this::patch)
            .recordedAs(Action.SESSION_PATCHED),
        SESSIONS
            .delete("/v1/sessions/{key}", Access.WRITE, "Delete a session")
            .takes(KEY)
            .answers(200, "It is gone", json(SessionSchemas.OK))
            .refuses(PROBLEMS)
            .servedBy(this::delete)
            .recordedAs(Action.SESSION_DELETED),
        SESSIONS
            .post("/v1/sessions/{key}/reset", Access.WRITE, "Clear its messages")
            .takes(KEY)
            .answers(200, "It has none", json(SessionSchemas.OK))
            .refuses(PROBLEMS)
            .servedBy(this::reset)
            .recordedAs(Action.SESSION_RESET),
        SESSIONS
            .post("/v1/sessions/{key}/abort", Access.WRITE, "Stop its runs")
            .takes(KEY)
            .answers(200, "They are stopped", json(SessionSchemas.ABORTED))
            .refuses(PROBLEMS)
            .servedBy(this::abort)
            .recordedAs(Action.SESSION_ABORTED),
        SESSIONS
            .get("/v1/sessions/{key}/events", Access.READ, "Follow its runs")
            .takes(
                KEY,
                header("Last-Event-ID", PLACE, "Where to go on: the id of an event"),
                query("after", PLACE, "The same, where that is absent"))
            .answers(
                200,
                "What its runs say, run after run and without an end",
                Content.events(SessionSchemas.EVENT))
            .refuses(EventPosition.GONE)
            .refuses(PROBLEMS)
            .servedBy(this::events));
  }

  private Endpoint showing(Draft draft) {
    return draft
        .takes(KEY)
        .answers(200, "It, with all it remembers", json(SessionSchemas.SESSION))
        .refuses(PROBLEMS)
        .servedBy(this::get);
  }

  // GET /v1/sessions
  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    int offset = call.number("offset", 0, 0, MAX_OFFSET);
    var query =
        new SessionDirectory.Query(
            call.line("agent_id").or(() -> call.line("agentId")).orElse(""),
            call.line("channel").orElse(""),
            call.flag("stateless"),
            limit,
            offset);
    return sessions
        .directory()
        .list(query)
        .thenApply(page -> JsonAnswer.of(page(page, limit, offset)));
  }

  private static ObjectNode page(SessionDirectory.Page page, int limit, int offset) {
    var root = JsonNodeFactory.instance.objectNode();
    var items = root.putArray("sessions");
    page.sessions().forEach(session -> items.add(SessionJson.item(session)));
    root.put("total", page.total()).put("limit", limit).put("offset", offset);
    return root;
  }

  // GET /v1/sessions/{key}
  private CompletionStage<HttpResponse> get(Call call) {
    return sessions
        .read(key(call))
        .thenApply(reply -> answer(reply, _ -> JsonNodeFactory.instance.objectNode()));
  }

  // PATCH /v1/sessions/{key}
  private CompletionStage<HttpResponse> patch(Call call) {
    var key = key(call);
    var body = JsonBody.object(call.body());
    var command = SessionPatch.read(body, sessions.models(), clock.instant());
    return change(key, command, _ -> ok().put("key", key.value()));
  }

  // DELETE /v1/sessions/{key}
  private CompletionStage<HttpResponse> delete(Call call) {
    return change(key(call), new SessionCommand.Delete(clock.instant()), _ -> ok());
  }

  // POST /v1/sessions/{key}/reset
  private CompletionStage<HttpResponse> reset(Call call) {
    return change(key(call), new SessionCommand.Reset(clock.instant()), _ -> ok());
  }

  // POST /v1/sessions/{key}/abort
  private CompletionStage<HttpResponse> abort(Call call) {
    var command = new SessionCommand.Abort(Optional.empty(), Optional.empty(), clock.instant());
    return change(key(call), command, SessionEndpoints::aborted);
  }

  private static ObjectNode aborted(SessionMessage.Done done) {
    var node = ok().put("aborted", !done.runs().isEmpty());
    var runs = node.putArray("runIds");
    done.runs().forEach(run -> runs.add(run.toString()));
    return node;
  }

  private CompletionStage<HttpResponse> change(
      SessionKey key, SessionCommand command, Function<SessionMessage.Done, ObjectNode> body) {
    return sessions.change(key, command).thenApply(reply -> answer(reply, body));
  }

  private static HttpResponse answer(
      SessionMessage.Reply reply, Function<SessionMessage.Done, ? extends JsonNode> body) {
    return switch (reply) {
      case SessionMessage.Done done -> JsonAnswer.of(body.apply(done));
      case SessionMessage.View view -> JsonAnswer.of(SessionJson.whole(view.state()));
      case SessionMessage.Refused refused -> Refusals.response(Dialect.GOCLAW, refused.problem());
    };
  }

  private static ObjectNode ok() {
    return JsonNodeFactory.instance.objectNode().put("ok", true);
  }

  // GET /v1/sessions/{key}/events
  private CompletionStage<HttpResponse> events(Call call) {
    var key = key(call);
    var after =
        call.header("Last-Event-ID").or(() -> call.query("after")).map(EventPosition::parse);
    return newest(key, after)
        .thenCompose(
            newest ->
                sessions.openRuns(key).thenCompose(reply -> events(key, reply, after, newest)));
  }

  private CompletionStage<HttpResponse> events(
      SessionKey key,
      SessionMessage.Reply openRuns,
      Optional<EventPosition> after,
      Optional<RunId> newest) {
    return switch (openRuns) {
      case SessionMessage.Refused refused ->
          CompletableFuture.completedStage(Refusals.response(Dialect.GOCLAW, refused.problem()));
      case SessionMessage.Done(var open) -> events(key, open, after, newest);
      case SessionMessage.View _ -> throw new IllegalStateException("only its runs were asked for");
    };
  }

  /** Before the session is asked: what begins after that is heard of either way. */
  private CompletionStage<Optional<RunId>> newest(SessionKey key, Optional<EventPosition> after) {
    return after.isPresent()
        ? CompletableFuture.completedStage(Optional.empty())
        : sessions.newestRun(key);
  }

  private CompletionStage<HttpResponse> events(
      SessionKey key, List<RunId> open, Optional<EventPosition> after, Optional<RunId> newest) {
    var place = after.or(() -> open.stream().findFirst().map(run -> new EventPosition(run, 0)));
    return place
        .map(position -> SessionEvents.refusal(sessions, key, open, position))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()))
        .thenApply(
            refusal ->
                refusal
                    .map(problem -> Refusals.response(Dialect.GOCLAW, problem))
                    .orElseGet(() -> events(SessionEvents.after(sessions, key, place, newest))));
  }

  private HttpResponse events(Source<ByteString, NotUsed> events) {
    return Sse.response(departure.untilThen(events));
  }

  private static SessionKey key(Call call) {
    return SessionKey.parse(call.variable("key"))
        .orElseThrow(
            () ->
                new BadRequest(
                    RequestProblems.field(
                        "key",
                        Flaw.of("not_printable")
                            .with("least", 1)
                            .with("most", SessionKey.MAX_LENGTH))));
  }
}
