package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Errands.Answer;
import clawster.http.kernel.Errands.Errand;
import clawster.http.kernel.Language;
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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.japi.Pair;
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
  private final CompletableFuture<Done> letIn = new CompletableFuture<>();
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
  Flow<Message, Message, NotUsed> flow(Supplier<Source<SocketEvent, NotUsed>> events) {
    endUnless(
        () -> connecting || peer.principal().isPresent() || peer.waiting(), server.patience());
    return Flow.<Message>create()
        // A message that breaks off is the end of it, and no fault of ours.
        .onErrorComplete()
        .via(end.flow())
        .via(server.departure().until())
        .mapAsync(1, this::reply)
        .takeWhile(reply -> !reply.last(), true)
        .statefulMap(
            () -> NotUsed.getInstance(),
            (same, reply) -> Pair.create(same, reply.frame()),
            _ -> goodbye())
        .merge(heard(events).filter(this::mayKnow).map(this::told), true)
        .via(end.flow())
        .<Message>map(frame -> TextMessage.create(frame.toString()))
        .watchTermination(
            (_, termination) -> {
              termination.whenComplete((_, _) -> ended.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
  }

  /** From when it is let in on; whatever becomes of them, it goes on. */
  private Source<SocketEvent, NotUsed> heard(Supplier<Source<SocketEvent, NotUsed>> events) {
    return Source.completionStageSource(letIn.thenApply(_ -> events.get()))
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .onErrorComplete()
        .concat(Source.never());
  }

  /** After the last answer, where it is this node that leaves. */
  private Optional<ObjectNode> goodbye() {
    return server.departure().hasBegun()
        ? Optional.of(Frame.event("shutdown", JsonNodeFactory.instance.objectNode()))
        : Optional.empty();
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
    return !over && peer.principal().filter(event.access()::allows).isPresent();
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
    return new Handshake(server, call, ended)
        .connect(token, sender, peer.language())
        .thenApply(
            outcome ->
                switch (outcome) {
                  case Handshake.Outcome.LetIn(var principal) -> letIn(request, principal);
                  case Handshake.Outcome.Waits(var code, var id) -> waits(request, code, id);
                  case Handshake.Outcome.TurnedAway(var problem) ->
                      Reply.last(Frame.refusal(request.id(), problem, peer.language()));
                })
        .whenComplete((_, _) -> connecting = false);
  }

  private static boolean isName(String user) {
    return !user.isEmpty() && user.length() <= Call.MAX_USER;
  }

  private Reply letIn(Frame.Request request, Principal principal) {
    peer = peer.letIn(principal);
    letIn.complete(Done.getInstance());
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
    var endpoint = server.methods().endpoint(method.operation());
    if (peer.waiting() && endpoint.access() != Access.PUBLIC) {
      note(method.name(), IdentityProblems.UNAUTHORIZED);
      return refused(request.id(), IdentityProblems.UNAUTHORIZED);
    }
    try {
      return run(method, endpoint, request)
          .thenApply(
              answer ->
                  Reply.of(
                      switch (answer) {
                        case Answer.Said(var payload) -> Frame.response(request.id(), payload);
                        case Answer.Refused(var problem) ->
                            Frame.refusal(request.id(), problem, peer.language());
                      }));
    } catch (BadRequest e) {
      return refused(request.id(), e.problem());
    }
  }

  private void note(String name, Problem problem) {
    server.errands().note(call, Principal.ANYBODY, name, problem);
  }

  /**
   * @throws BadRequest if its parameters could not stand in a request
   */
  private CompletionStage<Answer> run(Method method, Endpoint endpoint, Frame.Request request) {
    var headers = new ArrayList<>(method.headers().apply(request.params()));
    headers.add(RawHeader.create("Accept-Language", peer.language().tag()));
    peer.user().ifPresent(user -> headers.add(RawHeader.create(Call.USER_HEADER, user)));
    return server
        .errands()
        .run(
            new Errand(
                call,
                peer.principal().orElse(Principal.ANYBODY),
                method.name(),
                endpoint,
                request.params().bytes(),
                headers,
                ended));
  }
}
