package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Errands.Answer;
import clawster.http.kernel.Errands.Errand;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Shown;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.Role;
import clawster.runtime.kernel.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One WebSocket: says who is there by its first frame, and then answers one frame after the other.
 * It ends with the credential that was shown.
 */
final class Socket {

  /** So long a client may take nothing of what it is sent. */
  static final Duration STUCK = Duration.ofSeconds(30);

  /** Of GoClaw's protocol. */
  private static final int VERSION = 3;

  private static final String REQUEST_PAIRING = "POST /v1/pairing/requests";

  /**
   * What all of a node's have in common.
   *
   * @param version the program's
   * @param patience so long it may take to say who one is
   */
  record Server(
      ActorSystem<?> system,
      Admission admission,
      Errands errands,
      Methods methods,
      String version,
      Duration patience) {}

  private final Server server;
  private final Call call;
  private final SharedKillSwitch end = KillSwitches.shared("socket");
  private final CompletableFuture<Done> ended = new CompletableFuture<>();

  /** Written by one frame after the other, read by whatever is told. */
  private volatile Connected peer;

  /**
   * @param call the request that became this
   */
  Socket(Server server, Call call) {
    this.server = server;
    this.call = call;
    this.peer = Connected.unknown(call.language());
  }

  CompletionStage<Done> ended() {
    return ended;
  }

  /**
   * @param events of which it is told those that it may know of; it ends when they do
   */
  Flow<Message, Message, NotUsed> flow(Source<SocketEvent, NotUsed> events) {
    var impatience =
        server
            .system()
            .scheduler()
            .scheduleOnce(
                server.patience(), this::endUnlessKnown, server.system().executionContext());
    ended.thenRun(impatience::cancel);
    return Flow.<Message>create()
        .via(end.flow())
        .mapAsync(1, this::reply)
        .takeWhile(reply -> !reply.last(), true)
        .map(Reply::frame)
        .merge(events.filter(this::mayKnow).map(this::told), true)
        .<Message>map(frame -> TextMessage.create(frame.toString()))
        .backpressureTimeout(STUCK)
        .watchTermination(
            (_, termination) -> {
              termination.whenComplete((_, _) -> ended.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
  }

  private void endUnlessKnown() {
    if (peer.principal().isEmpty() && !peer.waiting()) {
      end.shutdown();
    }
  }

  private boolean mayKnow(SocketEvent event) {
    return peer.principal().filter(event.access()::allows).isPresent();
  }

  private ObjectNode told(SocketEvent event) {
    return Frame.event(event.name(), event.payload().apply(peer.language()));
  }

  private CompletionStage<Reply> reply(Message message) {
    return SocketText.of(message, server.system())
        .thenCompose(
            text ->
                switch (text) {
                  case SocketText.Whole(var bytes) -> reply(Frame.read(bytes));
                  case SocketText.Bad(var problem) ->
                      CompletableFuture.completedStage(
                          Reply.last(Frame.refusal(Frame.NO_ID, problem, peer.language())));
                });
  }

  private CompletionStage<Reply> reply(Frame frame) {
    return switch (frame) {
      case Frame.Broken(var id, var problem) -> refused(id, problem);
      case Frame.Request request when request.method().equals("connect") -> connect(request);
      case Frame.Request request -> method(request);
    };
  }

  private CompletionStage<Reply> refused(JsonNode id, Problem problem) {
    return CompletableFuture.completedStage(Reply.of(Frame.refusal(id, problem, peer.language())));
  }

  // --- connect ---------------------------------------------------------------------------------

  private CompletionStage<Reply> connect(Frame.Request request) {
    if (peer.principal().isPresent()) {
      return refused(request.id(), SocketProblems.CONNECTED);
    }
    Optional<String> token;
    Optional<String> sender;
    try {
      var params = request.params();
      token = params.text("token").filter(text -> !text.isBlank());
      sender = params.text("sender_id");
      var language = params.line("locale").map(Language::of).orElse(peer.language());
      var user = params.line("user_id").map(String::strip).filter(Socket::isName);
      peer = new Connected(Optional.empty(), false, language, user);
    } catch (BadRequest e) {
      return refused(request.id(), e.problem());
    }
    return server
        .admission()
        .admit(Shown.of(token, sender), call.client())
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case Admission.Outcome.Admitted(var principal) ->
                      CompletableFuture.completedStage(letIn(request, principal));
                  case Admission.Outcome.Refused(var problem) ->
                      token.isEmpty() && problem.kind() == Problem.Kind.UNAUTHENTICATED
                          ? pairing(request)
                          : CompletableFuture.completedStage(turnedAway(request, problem));
                });
  }

  private static boolean isName(String user) {
    return !user.isEmpty() && user.length() <= Call.MAX_USER;
  }

  private Reply letIn(Frame.Request request, Principal principal) {
    peer = peer.letIn(principal);
    server
        .admission()
        .hold(principal)
        .ifPresent(
            hold -> {
              hold.over().thenRun(end::shutdown);
              ended.thenRun(hold::close);
            });
    var payload =
        connected()
            .put("role", principal.role().name().toLowerCase(Locale.ROOT))
            .put("user_id", peer.user().orElse("system"))
            .put("is_owner", principal.role() == Role.ADMIN);
    return Reply.of(Frame.response(request.id(), payload));
  }

  private Reply turnedAway(Frame.Request request, Problem problem) {
    server.errands().note(call, Principal.ANYBODY, "connect", problem);
    return Reply.last(Frame.refusal(request.id(), problem, peer.language()));
  }

  /** Who shows no token may ask to be let in without one. */
  private CompletionStage<Reply> pairing(Frame.Request request) {
    return run(Principal.ANYBODY, "connect", REQUEST_PAIRING, JsonBody.empty(), List.of())
        .thenApply(
            answer ->
                switch (answer) {
                  case Answer.Said(var asked) -> {
                    peer = peer.waits();
                    yield Reply.of(Frame.response(request.id(), waiting(asked)));
                  }
                  case Answer.Refused(var problem) ->
                      Reply.last(Frame.refusal(request.id(), problem, peer.language()));
                });
  }

  private ObjectNode waiting(JsonNode asked) {
    return connected()
        .put("status", "pending_pairing")
        .put("pairing_code", asked.path("code").asText())
        .put("sender_id", asked.path("sender_id").asText());
  }

  private ObjectNode connected() {
    var payload = JsonNodeFactory.instance.objectNode().put("protocol", VERSION);
    payload.putObject("server").put("name", "clawster").put("version", server.version());
    return payload;
  }

  // --- methods ---------------------------------------------------------------------------------

  private CompletionStage<Reply> method(Frame.Request request) {
    if (peer.principal().isEmpty() && !peer.waiting()) {
      return refused(request.id(), SocketProblems.CONNECT_FIRST);
    }
    var found = server.methods().find(request.method());
    if (found.isEmpty()) {
      return refused(request.id(), SocketProblems.unknown(request.method()));
    }
    var method = found.get();
    var principal = peer.principal().orElse(Principal.ANYBODY);
    if (peer.waiting() && access(method) != Access.PUBLIC) {
      return refused(request.id(), IdentityProblems.UNAUTHORIZED);
    }
    List<HttpHeader> headers;
    try {
      headers = method.headers().apply(request.params());
    } catch (BadRequest e) {
      return refused(request.id(), e.problem());
    }
    return run(principal, method.name(), method.operation(), request.params(), headers)
        .thenApply(
            answer ->
                Reply.of(
                    switch (answer) {
                      case Answer.Said(var payload) -> Frame.response(request.id(), payload);
                      case Answer.Refused(var problem) ->
                          Frame.refusal(request.id(), problem, peer.language());
                    }));
  }

  private Access access(Method method) {
    return endpoint(method.operation()).access();
  }

  private Endpoint endpoint(String operation) {
    return server.methods().endpoint(operation);
  }

  private CompletionStage<Answer> run(
      Principal principal,
      String name,
      String operation,
      JsonBody params,
      List<HttpHeader> headers) {
    var all = new ArrayList<>(headers);
    all.add(RawHeader.create("Accept-Language", peer.language().tag()));
    peer.user().ifPresent(user -> all.add(RawHeader.create(Call.USER_HEADER, user)));
    return server
        .errands()
        .run(new Errand(call, principal, name, endpoint(operation), params.bytes(), all, ended));
  }
}
