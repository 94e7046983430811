package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Refusals;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;

/** {@code GET /ws}: by which dashboards and command lines made for GoClaw are connected. */
public final class SocketEndpoints {

  private static final Chapter SOCKET =
      new Chapter("WebSocket", "GoClaw's protocol, version 3, in text frames.", Dialect.GOCLAW);

  private static final Duration TO_CONNECT = Duration.ofSeconds(10);

  private static final SocketEvent SHUTDOWN =
      new SocketEvent("shutdown", Access.PUBLIC, _ -> JsonNodeFactory.instance.objectNode());

  /** The methods, and what each is, {@code GET /v1/pairing}; {@code connect} is none of these. */
  public static final Map<String, String> METHODS =
      Methods.ALL.stream().collect(Collectors.toUnmodifiableMap(Method::name, Method::operation));

  private final Supplier<Socket.Server> server;
  private final Departure departure;
  private final Source<SocketEvent, NotUsed> events;

  /**
   * @param endpoints that methods are; looked up when the first socket is opened
   * @param events without an end, for as many as are connected
   */
  public SocketEndpoints(
      ActorSystem<?> system,
      Admission admission,
      Errands errands,
      Supplier<Collection<Endpoint>> endpoints,
      String version,
      Departure departure,
      Source<SocketEvent, NotUsed> events) {
    this(system, admission, errands, endpoints, version, departure, events, TO_CONNECT);
  }

  SocketEndpoints(
      ActorSystem<?> system,
      Admission admission,
      Errands errands,
      Supplier<Collection<Endpoint>> endpoints,
      String version,
      Departure departure,
      Source<SocketEvent, NotUsed> events,
      Duration patience) {
    this.server =
        () ->
            new Socket.Server(
                system, admission, errands, new Methods(endpoints.get()), version, patience);
    this.departure = departure;
    this.events = events;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        SOCKET
            .get("/ws", Access.PUBLIC, "Connect by WebSocket; the first frame says who one is")
            .answers(101, "It is a WebSocket from here on")
            .refuses(SocketProblems.NO_UPGRADE)
            .servedBy(this::connect));
  }

  // GET /ws
  private CompletionStage<HttpResponse> connect(Call call) {
    return CompletableFuture.completedStage(
        call.request()
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .map(
                upgrade -> {
                  var socket = new Socket(server.get(), call);
                  return call.upgraded(
                      upgrade.handleMessagesWith(
                          socket.flow(departure.untilThen(events, SHUTDOWN))),
                      socket.ended());
                })
            .orElseGet(() -> Refusals.response(Dialect.GOCLAW, SocketProblems.NO_UPGRADE)));
  }
}
