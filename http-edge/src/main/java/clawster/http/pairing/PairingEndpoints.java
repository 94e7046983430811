package clawster.http.pairing;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Parameter.header;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;
import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.ClientAddress;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.PairingCode;
import clawster.runtime.pairing.PairingCommand;
import clawster.runtime.pairing.PairingEvent;
import clawster.runtime.pairing.PairingProblems;
import clawster.runtime.pairing.Pairings;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * {@code /v1/pairing}: what GoClaw's WebSocket does by {@code device.pair.*} and {@code
 * browser.pairing.status}, with the same fields. A browser without a token asks, shows its code,
 * asks on how that stands, and then sends the sender id it was given.
 */
public final class PairingEndpoints {

  private static final Chapter PAIRING =
      new Chapter("Pairing", "How browsers are let in that have no token.", Dialect.GOCLAW);

  private static final String EXPIRED = "expired";
  private static final long BODY = 16 << 10;
  private static final int MAX_NAME = 255;

  private static final Schema CODE =
      object(field("code", PairingList.CODE, "As the browser shows it"));

  private static final String EXAMPLE =
      """
      {"code": "ABCD2345"}\
      """;

  private final Pairings pairings;
  private final Clock clock;
  private final Admission admission;
  private final boolean locked;
  private final Visits visits = new Visits();
  private final WrongIds wrongIds = new WrongIds();

  /** To what happened. */
  private interface Answer {
    HttpResponse to(PairingEvent event);
  }

  /**
   * @param locked whether a token is needed at all
   */
  public PairingEndpoints(Pairings pairings, Clock clock, Admission admission, boolean locked) {
    this.pairings = pairings;
    this.clock = clock;
    this.admission = admission;
    this.locked = locked;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        PAIRING
            .post(
                "/v1/pairing/requests",
                Access.PUBLIC,
                "Ask to be let in; the sender id is said once")
            .answers(201, "To be shown, and to be kept", json(PairingList.REQUESTED))
            .refuses(PairingProblems.OF_REQUESTS)
            .refuses(RequestProblems.UNAVAILABLE)
            .servedBy(this::request)
            .recordsItselfAs(Action.PAIRING_REQUESTED),
        PAIRING
            .get("/v1/pairing/status", Access.PUBLIC, "How that stands, by X-GoClaw-Sender-Id")
            .takes(header(Authentication.SENDER_HEADER, text(), "Of a device that asked"))
            .answers(
                200,
                "Denied, revoked and never heard of are expired",
                json(
                    object(
                        field("status", words("pending", "approved", EXPIRED)),
                        optional("code", PairingList.CODE, "What it is to show while it waits"))))
            .refuses(PairingProblems.TOO_OFTEN, RequestProblems.UNAVAILABLE)
            .refuses(LimitProblems.LOCKED_OUT)
            .servedBy(this::status),
        PAIRING
            .get("/v1/pairing", Access.PAIR, "List who asks and who was let in")
            .answers(200, "Times are milliseconds", json(PairingList.LIST))
            .servedBy(this::list),
        PAIRING
            .post("/v1/pairing/approve", Access.PAIR, "Let in whoever shows this code")
            .reads(CODE, BODY, EXAMPLE)
            .answers(200, "It is let in", json(object(field("paired", PairingList.PAIRED))))
            .refuses(PairingProblems.OF_APPROVALS)
            .servedBy(this::approve)
            .recordsItselfAs(Action.PAIRING_APPROVED),
        PAIRING
            .post("/v1/pairing/deny", Access.PAIR, "Do not let in whoever shows this code")
            .reads(CODE, BODY, EXAMPLE)
            .answers(200, "It is not let in", json(object(field("denied", flag()))))
            .refuses(PairingProblems.NO_SUCH_CODE, PairingProblems.TOO_MANY_WRONG)
            .servedBy(this::deny)
            .recordsItselfAs(Action.PAIRING_DENIED),
        PAIRING
            .post("/v1/pairing/revoke", Access.PAIR, "Let a device in no more")
            .reads(
                object(
                    field("senderId", text(1, MAX_NAME), "As the list shows it"),
                    field("channel", text(1, MAX_NAME))),
                BODY,
                """
                {"senderId": "browser-01960000-0000-7000-8000-000000000001", "channel": "browser"}\
                """)
            .answers(200, "It is out", json(object(field("revoked", flag()))))
            .refuses(PairingProblems.NOT_PAIRED)
            .servedBy(this::revoke)
            .recordsItselfAs(Action.PAIRING_REVOKED));
  }

  // POST /v1/pairing/requests
  private CompletionStage<HttpResponse> request(Call call) {
    if (!locked) {
      return refused(PairingProblems.NO_TOKEN);
    }
    if (!visits.takes(call.client().key())) {
      return refused(PairingProblems.TOO_OFTEN);
    }
    var sender = SenderId.next();
    var device = Device.browser(sender, call.client().key());
    return tell(call, new PairingCommand.Request(device, PairingCode.next(), now()))
        .thenApply(decision -> answer(decision, event -> requested(event, sender)));
  }

  private static HttpResponse requested(PairingEvent event, SenderId sender) {
    if (!(event instanceof PairingEvent.Requested(var pending))) {
      throw new IllegalStateException("nobody asked for " + event.getClass().getSimpleName());
    }
    return JsonAnswer.of(
            node()
                .put("code", pending.code().text())
                .put("sender_id", sender.reveal())
                .put("channel", pending.device().channel())
                .put("expires_at", pending.expires().toEpochMilli()))
        .withStatus(StatusCodes.CREATED);
  }

  // GET /v1/pairing/status
  private CompletionStage<HttpResponse> status(Call call) {
    if (!visits.takes(call.client().key())) {
      return refused(PairingProblems.TOO_OFTEN);
    }
    return call.header(Authentication.SENDER_HEADER)
        .flatMap(SenderId::of)
        .map(sender -> status(sender, call.client()))
        .orElseGet(() -> CompletableFuture.completedStage(shown(EXPIRED)));
  }

  /**
   * A sender id that is none may be guessed; a browser that waits shows one that is known, and one
   * that was denied the same again.
   */
  private CompletionStage<HttpResponse> status(SenderId sender, ClientAddress client) {
    var wrong = shown(EXPIRED);
    return admission.unlessGuessed(
        client,
        () -> status(sender).thenApply(shown -> shown.orElse(wrong)),
        answer -> answer.equals(wrong) && wrongIds.isNew(client.key(), sender),
        PairingEndpoints::refusal);
  }

  private static HttpResponse shown(String status) {
    return JsonAnswer.of(node().put("status", status));
  }

  /** Empty for denied, revoked, expired and never heard of: to whoever asks they are one. */
  private CompletionStage<Optional<HttpResponse>> status(SenderId sender) {
    var now = now();
    return pairings
        .find(sender)
        .thenCompose(
            paired ->
                paired.filter(device -> device.isGoodAt(now)).isPresent()
                    ? CompletableFuture.completedStage(Optional.of(shown("approved")))
                    : pairings
                        .state()
                        .thenApply(
                            state ->
                                PairingList.pending(state, sender, now)
                                    .map(device -> waiting(device.code()))));
  }

  private static HttpResponse waiting(PairingCode code) {
    return JsonAnswer.of(node().put("status", "pending").put("code", code.text()));
  }

  // GET /v1/pairing
  private CompletionStage<HttpResponse> list(Call call) {
    return pairings.state().thenApply(state -> JsonAnswer.of(PairingList.of(state, now())));
  }

  // POST /v1/pairing/approve
  private CompletionStage<HttpResponse> approve(Call call) {
    var by = call.principal();
    return code(
        call,
        code -> new PairingCommand.Approve(code, by.id(), by.scopes(), now()),
        event ->
            event instanceof PairingEvent.Approved(var device)
                ? JsonAnswer.of(node().set("paired", PairingList.paired(device)))
                : refusal(PairingProblems.NO_SUCH_CODE));
  }

  // POST /v1/pairing/deny
  private CompletionStage<HttpResponse> deny(Call call) {
    return code(
        call,
        code -> new PairingCommand.Deny(code, call.principal().id(), now()),
        event ->
            event instanceof PairingEvent.Denied
                ? JsonAnswer.of(node().put("denied", true))
                : refusal(PairingProblems.NO_SUCH_CODE));
  }

  private CompletionStage<HttpResponse> code(
      Call call, Function<PairingCode, PairingCommand> command, Answer answer) {
    var body = JsonBody.object(call.body());
    var typed = body.line("code").orElseThrow(() -> body.bad("code", Flaw.REQUIRED));
    var code = PairingCode.of(typed).orElseThrow(() -> body.bad("code", Flaw.of("pairing_code")));
    return tell(call, command.apply(code)).thenApply(decision -> answer(decision, answer));
  }

  // POST /v1/pairing/revoke
  private CompletionStage<HttpResponse> revoke(Call call) {
    var body = JsonBody.object(call.body());
    var sender = name(body, "senderId");
    var shown = SenderId.of(sender).map(SenderId::shown).orElse(sender);
    var command = new PairingCommand.Revoke(name(body, "channel"), shown, now());
    return tell(call, command)
        .thenApply(decision -> answer(decision, _ -> JsonAnswer.of(node().put("revoked", true))));
  }

  private static String name(JsonBody body, String field) {
    var name = body.line(field).orElseThrow(() -> body.bad(field, Flaw.REQUIRED));
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw body.bad(field, Flaw.length(1, MAX_NAME));
    }
    return name;
  }

  private CompletionStage<Decision<PairingEvent>> tell(Call call, PairingCommand command) {
    return pairings.tell(command, action -> call.entry(action, command.at()));
  }

  /** What was asked for is the last thing that happened; before it goes what had had its time. */
  private static HttpResponse answer(Decision<PairingEvent> decision, Answer answer) {
    return switch (decision) {
      case Decision.Refused<PairingEvent>(var problem) -> refusal(problem);
      case Decision.Happens<PairingEvent>(var events) -> answer.to(events.getLast());
    };
  }

  private static CompletionStage<HttpResponse> refused(Problem problem) {
    return CompletableFuture.completedStage(refusal(problem));
  }

  private static HttpResponse refusal(Problem problem) {
    return Refusals.response(Dialect.GOCLAW, problem);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }
}
