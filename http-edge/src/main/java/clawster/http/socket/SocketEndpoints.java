package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.RequestProblems;
import clawster.http.kernel.Upgrade;
import clawster.runtime.identity.Access;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.javadsl.Source;

/** {@code GET /ws}: by which dashboards and command lines made for GoClaw are connected. */
public final class SocketEndpoints {

  private static final Chapter SOCKET =
      new Chapter("WebSocket", "GoClaw's protocol, version 3, in text frames.", Dialect.GOCLAW);

  private static final Duration TO_CONNECT = Duration.ofSeconds(10);

  /** So long a client may take nothing of what it is sent. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** So long it may send nothing, not even what pings are answered with. */
  private static final Duration SILENT = Duration.ofSeconds(75);

  /** The methods, and what each is, {@code GET /v1/pairing}; {@code connect} is none of these. */
  public static final Map<String, String> METHODS =
      Methods.ALL.stream().collect(Collectors.toUnmodifiableMap(Method::name, Method::operation));

  private final ActorSystem<?> system;
  private final Admission admission;
  private final Errands errands;
  private final Supplier<Collection<Endpoint>> endpoints;
  private final String version;
  private final Departure departure;
  private final Supplier<Source<SocketEvent, NotUsed>> events;
  private final Duration patience;

  /** Made when the first socket is opened. */
  private volatile Optional<Socket.Server> server = Optional.empty();

  /**
   * @param endpoints that methods are; looked up when the first socket is opened
   * @param events without an end, for each who is let in
   */
  public SocketEndpoints(
      ActorSystem<?> system,
      Admission admission,
      Errands errands,
      Supplier<Collection<Endpoint>> endpoints,
      String version,
      Departure departure,
      Supplier<Source<SocketEvent, NotUsed>> events) {
    this(system, admission, errands, endpoints, version, departure, events, TO_CONNECT);
  }

  SocketEndpoints(
      ActorSystem<?> system,
      Admission admission,
      Errands errands,
      Supplier<Collection<Endpoint>> endpoints,
      String version,
      Departure departure,
      Supplier<Source<SocketEvent, NotUsed>> events,
      Duration patience) {
    this.system = system;
    this.admission = admission;
    this.errands = errands;
    this.endpoints = endpoints;
    this.version = version;
    this.departure = departure;
    this.events = events;
    this.patience = patience;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        SOCKET
            .get("/ws", Access.PUBLIC, "Connect by WebSocket; the first frame says who one is")
            .answers(101, "It is a WebSocket from here on")
            .refuses(SocketProblems.NO_UPGRADE, RequestProblems.LEAVING)
            .servedBy(this::connect));
  }

  private Socket.Server server() {
    if (server.isEmpty()) {
      var methods = new Methods(endpoints.get());
      server =
          Optional.of(
              new Socket.Server(system, admission, errands, methods, departure, version, patience));
    }
    return server.get();
  }

  // GET /ws
  private CompletionStage<HttpResponse> connect(Call call) {
    return CompletableFuture.completedStage(
        departure.hasBegun()
            ? Refusals.response(Dialect.GOCLAW, RequestProblems.LEAVING)
            : call.request()
                .getAttribute(AttributeKeys.webSocketUpgrade)
                .map(upgrade -> upgraded(upgrade, new Socket(server(), call)))
                .orElseGet(() -> Refusals.response(Dialect.GOCLAW, SocketProblems.NO_UPGRADE)));
  }

  private HttpResponse upgraded(WebSocketUpgrade upgrade, Socket socket) {
    var answer = upgrade.handleMessagesWith(socket.flow(events));
    return Upgrade.of(answer, STUCK, SILENT, system);
  }
}
