package clawster.node;

import clawster.http.audit.AuditEndpoints;
import clawster.http.chat.ChatEndpoints;
import clawster.http.chat.ModelEndpoints;
import clawster.http.cluster.ClusterEndpoints;
import clawster.http.config.ConfigEndpoints;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Recorder;
import clawster.http.kernel.RequestProblems;
import clawster.http.keys.KeyEndpoints;
import clawster.http.limits.QuotaEndpoints;
import clawster.http.openapi.OpenApiEndpoints;
import clawster.http.packages.PackageEndpoints;
import clawster.http.packages.PackageNewsEvents;
import clawster.http.pairing.PairingEndpoints;
import clawster.http.sessions.SessionEndpoints;
import clawster.http.socket.SocketEndpoints;
import clawster.http.system.SystemEndpoints;
import clawster.http.web.WebEndpoints;
import clawster.runtime.config.DialectSettings;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.identity.Access;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All that a node serves. The routes of a dialect can be switched off, and be served at an address
 * of their own; what administrators need is always where the node is.
 *
 * @param probes how the node is, at each of its addresses
 */
record Routes(
    List<Endpoint> probes,
    List<Endpoint> administration,
    Map<DialectSettings, List<Endpoint>> dialects) {

  static Routes of(Settings settings, Edge edge) {
    var sessions = edge.sessions();
    var clock = edge.clock();
    var probes =
        new SystemEndpoints(
                Node.version(),
                () -> sessions.directory().check(),
                edge.workspaces(),
                edge.standing()::isSure,
                edge.departure()::hasBegun)
            .endpoints();
    var openai =
        Stream.of(
            new ChatEndpoints(
                    edge.system(),
                    sessions,
                    edge.agents(),
                    clock,
                    () -> edge.config().get(GatewaySettings.DISCONNECT_GRACE),
                    edge.limits())
                .endpoints(),
            new ModelEndpoints(edge.agents(), clock.instant()).endpoints());
    var dialects = new LinkedHashMap<DialectSettings, List<Endpoint>>();
    dialects.put(GatewaySettings.OPENAI, openai.flatMap(List::stream).toList());
    var called = new ArrayList<Endpoint>();
    dialects.put(
        GatewaySettings.GOCLAW,
        Stream.of(
                new SessionEndpoints(sessions, clock, edge.departure()).endpoints(),
                new QuotaEndpoints(edge.quotas()).endpoints())
            .flatMap(List::stream)
            .toList());
    var all = new ArrayList<Endpoint>();
    var administration =
        Stream.of(
                new ClusterEndpoints(edge.nodes(), sessions).endpoints(),
                new KeyEndpoints(edge.keys(), clock).endpoints(),
                new ConfigEndpoints(edge.config(), clock).endpoints(),
                new AuditEndpoints(edge.audit()).endpoints(),
                new PackageEndpoints(edge.system(), edge.packages(), clock).endpoints(),
                new PairingEndpoints(
                        edge.pairings(), clock, edge.admission(), !settings.token().isEmpty())
                    .endpoints(),
                sockets(edge, () -> called).endpoints(),
                new WebEndpoints().endpoints(),
                new OpenApiEndpoints(Node.version(), () -> all).endpoints())
            .flatMap(List::stream)
            .toList();
    var routes = new Routes(probes, administration, dialects);
    all.addAll(routes.all());
    var serving = routes.whileServing(edge);
    called.addAll(serving.called(edge));
    return serving;
  }

  /** What sockets call, which may be open when a dialect is switched off. */
  private List<Endpoint> called(Edge edge) {
    var called = new ArrayList<>(probes);
    dialects.forEach(
        (dialect, endpoints) -> called.addAll(whileEnabled(dialect, endpoints, edge.config())));
    called.addAll(administration);
    return called;
  }

  private static SocketEndpoints sockets(Edge edge, Supplier<Collection<Endpoint>> called) {
    return new SocketEndpoints(
        edge.system(),
        edge.admission(),
        new Errands(edge.refused(), edge.departure()),
        called,
        Node.version(),
        edge.departure(),
        () -> edge.packages().news().map(PackageNewsEvents::of));
  }

  List<Endpoint> all() {
    return Stream.of(List.of(probes), dialects.values(), List.<List<Endpoint>>of(administration))
        .flatMap(Collection::stream)
        .flatMap(List::stream)
        .toList();
  }

  /** What is served where the node is. */
  List<Endpoint> here(LiveConfig config) {
    var here = new ArrayList<>(probes);
    dialects.forEach(
        (dialect, endpoints) -> {
          if (config.get(dialect.port()) == 0) {
            here.addAll(whileEnabled(dialect, endpoints, config));
          }
        });
    here.addAll(administration);
    return here;
  }

  /** What is served by dialects that have an address to themselves. */
  Map<DialectSettings, List<Endpoint>> apart(LiveConfig config) {
    var apart = new LinkedHashMap<DialectSettings, List<Endpoint>>();
    dialects.forEach(
        (dialect, endpoints) -> {
          if (config.get(dialect.port()) > 0) {
            var served = new ArrayList<>(probes);
            served.addAll(whileEnabled(dialect, endpoints, config));
            apart.put(dialect, served);
          }
        });
    return apart;
  }

  private static List<Endpoint> whileEnabled(
      DialectSettings dialect, List<Endpoint> endpoints, LiveConfig config) {
    return endpoints.stream()
        .map(
            endpoint ->
                endpoint.onlyWhile(
                    () -> config.get(dialect.enabled()), RequestProblems.SWITCHED_OFF))
        .toList();
  }

  private Routes whileServing(Edge edge) {
    var serving = new LinkedHashMap<DialectSettings, List<Endpoint>>();
    dialects.forEach((dialect, endpoints) -> serving.put(dialect, whileServing(edge, endpoints)));
    return new Routes(whileServing(edge, probes), whileServing(edge, administration), serving);
  }

  /** What everybody may see, and changes nothing, is served whatever this node's standing is. */
  private static List<Endpoint> whileServing(Edge edge, List<Endpoint> endpoints) {
    var recorder = new Recorder(edge.audit(), edge.clock());
    return endpoints.stream()
        .map(recorder::recording)
        .map(
            endpoint ->
                endpoint.access() == Access.PUBLIC && endpoint.recorded().isEmpty()
                    ? endpoint
                    : endpoint
                        .until(edge.departure())
                        .onlyWhile(edge.standing()::isSure, RequestProblems.NOT_A_MEMBER)
                        .onlyWhile(edge.departure()::takesRequests, RequestProblems.LEAVING))
        .toList();
  }
}
