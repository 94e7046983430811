package clawster.http.pairing;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * {@code /v1/pairing}: what GoClaw's WebSocket does by {@code device.pair.*} and {@code
 * browser.pairing.status}, with the same fields. A browser without a token asks, shows its code,
 * asks on how that stands, and then sends the sender id it was given.
 */
public final class PairingEndpoints {

  private static final long BODY = 16 << 10;
  private static final int MAX_NAME = 255;

  private final Pairings pairings;
  private final Clock clock;
  private final boolean locked;
  private final Visits visits = new Visits();

  /** To what happened. */
  private interface Answer {
    HttpResponse to(PairingEvent event);
  }

  /**
   * @param locked whether a token is needed at all
   */
  public PairingEndpoints(Pairings pairings, Clock clock, boolean locked) {
    this.pairings = pairings;
    this.clock = clock;
    this.locked = locked;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        endpoint(
                HttpMethods.POST,
                "/v1/pairing/requests",
                "Ask to be let in; the sender id is said once",
                Access.PUBLIC,
                0,
                this::request)
            .recordsItselfAs(Action.PAIRING_REQUESTED),
        endpoint(
            HttpMethods.GET,
            "/v1/pairing/status",
            "How that stands, by X-GoClaw-Sender-Id",
            Access.PUBLIC,
            0,
            this::status),
        endpoint(
            HttpMethods.GET,
            "/v1/pairing",
            "List who asks and who was let in",
            Access.PAIR,
            0,
            this::list),
        endpoint(
                HttpMethods.POST,
                "/v1/pairing/approve",
                "Let in whoever shows this code",
                Access.PAIR,
                BODY,
                this::approve)
            .recordsItselfAs(Action.PAIRING_APPROVED),
        endpoint(
                HttpMethods.POST,
                "/v1/pairing/deny",
                "Do not let in whoever shows this code",
                Access.PAIR,
                BODY,
                this::deny)
            .recordsItselfAs(Action.PAIRING_DENIED),
        endpoint(
                HttpMethods.POST,
                "/v1/pairing/revoke",
                "Let a device in no more",
                Access.PAIR,
                BODY,
                this::revoke)
            .recordsItselfAs(Action.PAIRING_REVOKED));
  }

  private static Endpoint endpoint(
      HttpMethod method,
      String path,
      String summary,
      Access access,
      long bodyLimit,
      Endpoint.Handler handler) {
    return new Endpoint(method, path, summary, Dialect.GOCLAW, access, bodyLimit, handler);
  }

  // POST /v1/pairing/requests
  private CompletionStage<HttpResponse> request(Call call) {
    if (!locked) {
      return refused(PairingProblems.NO_TOKEN);
    }
    if (!visits.takes(call.network())) {
      return refused(PairingProblems.TOO_OFTEN);
    }
    var sender = SenderId.next();
    var device = Device.browser(sender, call.network());
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
    if (!visits.takes(call.network())) {
      return refused(PairingProblems.TOO_OFTEN);
    }
    return call.header("X-GoClaw-Sender-Id")
        .flatMap(SenderId::of)
        .map(this::status)
        .orElseGet(() -> CompletableFuture.completedStage("expired"))
        .thenApply(status -> JsonAnswer.of(node().put("status", status)));
  }

  /** Denied, revoked, expired and never heard of are one, to whoever asks. */
  private CompletionStage<String> status(SenderId sender) {
    var now = now();
    return pairings
        .find(sender)
        .thenCompose(
            paired ->
                paired.filter(device -> device.isGoodAt(now)).isPresent()
                    ? CompletableFuture.completedStage("approved")
                    : pairings
                        .state()
                        .thenApply(
                            state ->
                                PairingList.isPending(state, sender, now) ? "pending" : "expired"));
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
    var typed = body.line("code").orElseThrow(() -> body.bad("code", "is required"));
    var code =
        PairingCode.of(typed)
            .orElseThrow(() -> body.bad("code", "eight letters and digits are expected"));
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
    var name = body.line(field).orElseThrow(() -> body.bad(field, "is required"));
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw body.bad(field, "1 to " + MAX_NAME + " characters are expected");
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
