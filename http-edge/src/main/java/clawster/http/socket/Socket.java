package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Departure;
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
import java.util.function.BooleanSupplier;
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

  /** Bytes of a frame of whoever is not known yet. */
  private static final int MAX_UNKNOWN = 16 << 10;

  /** As long as a code is good: who waits for longer asks anew. */
  private static final Duration TO_BE_LET_IN = Duration.ofHours(1);

  /** Of GoClaw's protocol. */
  private static final int VERSION = 3;

  private static final String REQUEST_PAIRING = "POST /v1/pairing/requests";
  private static final String PAIRING_STATUS = "GET /v1/pairing/status";

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
      Departure departure,
      String version,
      Duration patience) {}

  private final Server server;
  private final Call call;
  private final SharedKillSwitch end = KillSwitches.shared("socket");
  private final CompletableFuture<Done> ended = new CompletableFuture<>();
  private volatile boolean connecting;

  /** What opened it is good no more. What is on its way into it counts no more, either. */
  private volatile boolean over;

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

  /**
   * @param events of which it is told those that it may know of; they never end
   */
  Flow<Message, Message, NotUsed> flow(Source<SocketEvent, NotUsed> events) {
    endUnless(
        () -> peer.principal().isPresent() || peer.waiting() || connecting, server.patience());
    return Flow.<Message>create()
        .via(end.flow())
        .via(server.departure().until())
        .mapAsync(1, this::reply)
        .takeWhile(reply -> !reply.last(), true)
        .map(Reply::frame)
        .concatLazy(Source.lazySource(this::goodbye))
        .merge(events.filter(this::mayKnow).map(this::told), true)
        .via(end.flow())
        .<Message>map(frame -> TextMessage.create(frame.toString()))
        .watchTermination(
            (_, termination) -> {
              termination.whenComplete((_, _) -> ended.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
  }

  /** After the last answer, where it is this node that leaves. */
  private Source<ObjectNode, NotUsed> goodbye() {
    return server.departure().hasBegun()
        ? Source.single(Frame.event("shutdown", JsonNodeFactory.instance.objectNode()))
        : Source.empty();
  }

  private void endUnless(BooleanSupplier so, Duration then) {
    var system = server.system();
    var timer =
        system
            .scheduler()
            .scheduleOnce(
                then,
                () -> {
                  if (!so.getAsBoolean()) {
                    end();
                  }
                },
                system.executionContext());
    ended.thenRun(timer::cancel);
  }

  private void end() {
    over = true;
    end.shutdown();
  }

  private boolean mayKnow(SocketEvent event) {
    return peer.principal().filter(event.access()::allows).isPresent();
  }

  private ObjectNode told(SocketEvent event) {
    return Frame.event(event.name(), event.payload().apply(peer.language()));
  }

  private CompletionStage<Reply> reply(Message message) {
    boolean known = peer.principal().isPresent();
    return SocketText.of(message, known ? SocketText.MAX_BYTES : MAX_UNKNOWN, server.system())
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
    if (over) {
      return CompletableFuture.completedStage(
          Reply.last(Frame.refusal(Frame.NO_ID, IdentityProblems.UNAUTHORIZED, peer.language())));
    }
    return switch (frame) {
      case Frame.Broken(var id, var problem) -> refused(id, problem);
      case Frame.Request request when request.method().equals("connect") -> connect(request);
      case Frame.Request request -> method(request);
    };
  }

  /** Whoever has not said who it is, and says something else, is not waited for. */
  private CompletionStage<Reply> refused(JsonNode id, Problem problem) {
    boolean last = peer.principal().isEmpty() && !peer.waiting();
    return CompletableFuture.completedStage(
        new Reply(Frame.refusal(id, problem, peer.language()), last));
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
      sender = params.line("sender_id").filter(text -> !text.isBlank());
      var language = params.line("locale").map(Language::of).orElse(peer.language());
      var user = params.line("user_id").map(String::strip).filter(Socket::isName);
      peer = new Connected(Optional.empty(), peer.waiting(), language, user);
    } catch (BadRequest e) {
      return refused(request.id(), e.problem());
    }
    connecting = true;
    return (token.isEmpty() && sender.isPresent()
            ? paired(request, sender.get())
            : admitted(request, Shown.of(token, sender)))
        .exceptionally(failure -> turnedAway(request, Errands.problem(failure)))
        .whenComplete((_, _) -> connecting = false);
  }

  /** Who shows no token, where one is needed, may ask to be let in without one. */
  private CompletionStage<Reply> admitted(Frame.Request request, Shown shown) {
    return server
        .admission()
        .admit(shown, call.client())
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case Admission.Outcome.Admitted(var principal) ->
                      CompletableFuture.completedStage(letIn(request, principal));
                  case Admission.Outcome.Refused(var problem) ->
                      shown.authorizations().isEmpty()
                              && problem.kind() == Problem.Kind.UNAUTHENTICATED
                          ? pairing(request)
                          : CompletableFuture.completedStage(noted(request, problem));
                });
  }

  /** A browser that still waits, or was denied, guesses nothing by showing its id again. */
  private CompletionStage<Reply> paired(Frame.Request request, String sender) {
    return run(
            Principal.ANYBODY,
            "connect",
            PAIRING_STATUS,
            JsonBody.empty(),
            List.of(RawHeader.create(Authentication.SENDER_HEADER, sender)))
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Said(var said) ->
                      switch (said.path("status").asText()) {
                        case "approved" ->
                            admitted(request, Shown.of(Optional.empty(), Optional.of(sender)));
                        case "pending" ->
                            CompletableFuture.completedStage(
                                waits(request, said.path("code").asText(), sender));
                        default ->
                            admitted(request, Shown.of(Optional.empty(), Optional.empty()))
                                .whenComplete((_, _) -> noteUnlessLetIn());
                      };
                  case Answer.Refused(var problem) ->
                      CompletableFuture.completedStage(turnedAway(request, problem));
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
              hold.over().thenRun(this::end);
              ended.thenRun(hold::close);
            });
    var payload =
        connected()
            .put("role", principal.role().name().toLowerCase(Locale.ROOT))
            .put("user_id", peer.user().orElse("system"))
            .put("is_owner", principal.role() == Role.ADMIN);
    return Reply.of(Frame.response(request.id(), payload));
  }

  private Reply noted(Frame.Request request, Problem problem) {
    note("connect", problem);
    return turnedAway(request, problem);
  }

  private Reply turnedAway(Frame.Request request, Problem problem) {
    return Reply.last(Frame.refusal(request.id(), problem, peer.language()));
  }

  private void noteUnlessLetIn() {
    if (peer.principal().isEmpty()) {
      note("connect", IdentityProblems.UNAUTHORIZED);
    }
  }

  private void note(String name, Problem problem) {
    server.errands().note(call, Principal.ANYBODY, name, problem);
  }

  private CompletionStage<Reply> pairing(Frame.Request request) {
    return run(Principal.ANYBODY, "connect", REQUEST_PAIRING, JsonBody.empty(), List.of())
        .thenApply(
            answer ->
                switch (answer) {
                  case Answer.Said(var asked) ->
                      waits(request, asked.path("code").asText(), asked.path("sender_id").asText());
                  case Answer.Refused(var problem) -> turnedAway(request, problem);
                });
  }

  private Reply waits(Frame.Request request, String code, String sender) {
    if (!peer.waiting()) {
      endUnless(() -> peer.principal().isPresent(), TO_BE_LET_IN);
    }
    peer = peer.waits();
    var payload =
        connected()
            .put("status", "pending_pairing")
            .put("pairing_code", code)
            .put("sender_id", sender);
    return Reply.of(Frame.response(request.id(), payload));
  }

  private ObjectNode connected() {
    var payload = JsonNodeFactory.instance.objectNode().put("protocol", VERSION);
    payload.putObject("server").put("name", "clawster").put("version", server.version());
    return payload;
  }

  // --- methods ---------------------------------------------------------------------------------

  private CompletionStage<Reply> method(Frame.Request request) {
    if (peer.principal().isEmpty() && !peer.waiting()) {
      note("GET /ws", SocketProblems.CONNECT_FIRST);
      return refused(request.id(), SocketProblems.CONNECT_FIRST);
    }
    var found = server.methods().find(request.method());
    if (found.isEmpty()) {
      return refused(request.id(), SocketProblems.unknown(request.method()));
    }
    var method = found.get();
    var principal = peer.principal().orElse(Principal.ANYBODY);
    if (peer.waiting() && access(method) != Access.PUBLIC) {
      note(method.name(), IdentityProblems.UNAUTHORIZED);
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
