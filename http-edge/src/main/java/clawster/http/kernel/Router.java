package clawster.http.kernel;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Hold;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Failures;
import clawster.runtime.kernel.Ids;
import clawster.runtime.kernel.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * From a request to its endpoint. The list of endpoints is all it knows: paths, methods, limits and
 * who may call are read off it.
 */
public final class Router {

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private static final HttpHeader CLOSE =
      org.apache.pekko.http.javadsl.model.headers.Connection.create("close");

  /**
   * @param gone when the caller has hung up before the answer began; else never
   */
  private record Arrival(
      HttpRequest request, Provenance from, String requestId, CompletionStage<Done> gone) {}

  private final ActorSystem<?> system;
  private final Supplier<Guard> guard;
  private final Supplier<TrustedProxies> proxies;
  private final Admission admission;
  private final RouteTable routes;
  private final CrossOrigin crossOrigin;
  private final Limits limits;
  private final OpenConnections connections;
  private final Bodies bodies;
  private final Departure departure;
  private final RefusedAttempts refused;

  /**
   * @param connectionsPerAddress at once, as it is set now; 0 for no limit
   */
  public Router(
      ActorSystem<?> system,
      Supplier<Guard> guard,
      Supplier<TrustedProxies> proxies,
      Admission admission,
      List<Endpoint> endpoints,
      Departure departure,
      RefusedAttempts refused,
      IntSupplier connectionsPerAddress) {
    this(
        system,
        guard,
        proxies,
        admission,
        endpoints,
        departure,
        refused,
        Limits.standard(),
        new OpenConnections(
            connectionsPerAddress, peer -> peer.isLoopbackAddress() || proxies.get().trusts(peer)));
  }

  Router(
      ActorSystem<?> system,
      Supplier<Guard> guard,
      Supplier<TrustedProxies> proxies,
      Admission admission,
      List<Endpoint> endpoints,
      Departure departure,
      RefusedAttempts refused,
      Limits limits,
      OpenConnections connections) {
    this.departure = departure;
    this.refused = refused;
    this.system = system;
    this.guard = guard;
    this.crossOrigin = new CrossOrigin(guard);
    this.proxies = proxies;
    this.admission = admission;
    this.limits = limits;
    this.connections = connections;
    this.bodies = new Bodies(system, limits);
    this.routes = new RouteTable(endpoints);
  }

  /** Serves one connection. */
  public Flow<HttpRequest, HttpResponse, NotUsed> connection() {
    return Connection.flow(
        this::handle,
        ServerSettings.create(system.settings().config()).getPipeliningLimit(),
        limits,
        connections,
        departure);
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, CompletionStage<Done> gone) {
    var requestId =
        request
            .getHeader("x-request-id")
            .map(HttpHeader::value)
            .filter(id -> REQUEST_ID.matcher(id).matches())
            .orElseGet(() -> Ids.next().toString());
    CompletionStage<HttpResponse> response;
    try {
      response = serve(new Arrival(request, proxies.get().provenance(request), requestId, gone));
    } catch (RuntimeException e) {
      response = CompletableFuture.failedStage(e);
    }
    return response
        .exceptionally(
            failure -> Refusals.response(dialect(request), Faults.problem(requestId, failure)))
        .thenApply(r -> Refusals.in(() -> Language.of(request), r))
        .thenApply(r -> parting(crossOrigin.readable(request, finished(r, requestId))))
        .thenApply(r -> proxies.get().isHttps(request) ? SecurityHeaders.onTls(r) : r);
  }

  /** No connection is kept to a node that is about to go. */
  private HttpResponse parting(HttpResponse response) {
    return departure.hasBegun() ? response.addHeader(CLOSE) : response;
  }

  static HttpResponse finished(HttpResponse response, String requestId) {
    return SecurityHeaders.on(response).addHeader(RawHeader.create("x-request-id", requestId));
  }

  private CompletionStage<HttpResponse> serve(Arrival arrival) {
    var request = arrival.request();
    var matches = routes.matches(request);
    var match = matches.stream().filter(m -> m.takes(request.method())).findFirst();
    var wrongWay = guard.get().check(request);
    if (wrongWay.isPresent()) {
      match.ifPresent(m -> note(arrival, m.endpoint(), Principal.ANYBODY, wrongWay.get()));
      return refuse(request, dialect(request), wrongWay.get());
    }
    if (match.isEmpty()) {
      return matches.isEmpty()
          ? refuse(request, dialect(request), RequestProblems.notFound(path(request)))
          : crossOrigin.isPreflight(request)
              ? CompletableFuture.completedStage(
                  CrossOrigin.preflight(request, RouteTable.methods(matches)))
              : methodNotAllowed(request, matches);
    }
    var endpoint = match.get().endpoint();
    return endpoint.access() == Access.PUBLIC
        ? serve(arrival, match.get(), Principal.ANYBODY)
        : admission
            .admit(Shown.by(request), arrival.from().client())
            .thenCompose(
                outcome ->
                    switch (outcome) {
                      case Admission.Outcome.Admitted(var principal) ->
                          allowed(arrival, match.get(), principal);
                      case Admission.Outcome.Refused(var problem) ->
                          turnAway(arrival, endpoint, Principal.ANYBODY, problem);
                    });
  }

  private CompletionStage<HttpResponse> turnAway(
      Arrival arrival, Endpoint endpoint, Principal principal, Problem problem) {
    note(arrival, endpoint, principal, problem);
    return refuse(arrival.request(), endpoint.dialect(), problem);
  }

  /** What only the handler could see that this caller may not do. */
  private static Optional<Problem> forbidden(HttpResponse answer, Throwable failure) {
    var problem =
        failure == null
            ? Refusals.problem(answer)
            : Failures.cause(failure) instanceof BadRequest bad
                ? Optional.of(bad.problem())
                : Optional.<Problem>empty();
    return problem.filter(p -> p.kind() == Problem.Kind.FORBIDDEN);
  }

  /** What is open to everybody is asked for by everything that looks around. */
  private void note(Arrival arrival, Endpoint endpoint, Principal principal, Problem problem) {
    if (endpoint.access() != Access.PUBLIC) {
      refused.note(
          new RefusedAttempts.Attempt(
              principal.actor(),
              endpoint.operation().name(),
              problem.code(),
              arrival.from().client().key()),
          arrival.from().shown());
    }
  }

  private CompletionStage<HttpResponse> allowed(
      Arrival arrival, RouteTable.Match match, Principal principal) {
    var request = arrival.request();
    var endpoint = match.endpoint();
    if (!endpoint.access().allows(principal)) {
      return turnAway(
          arrival, endpoint, principal, IdentityProblems.FORBIDDEN.with("path", path(request)));
    }
    var response =
        serve(arrival, match, principal)
            .whenComplete(
                (answer, failure) ->
                    forbidden(answer, failure)
                        .ifPresent(problem -> note(arrival, endpoint, principal, problem)));
    return admission
        .hold(principal)
        .map(
            hold -> {
              arrival.gone().thenRun(hold::close);
              return held(hold, endpoint.dialect(), () -> Language.of(request), response);
            })
        .orElse(response);
  }

  private static CompletionStage<HttpResponse> held(
      Hold hold,
      Dialect dialect,
      Supplier<Language> language,
      CompletionStage<HttpResponse> response) {
    return response
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                hold.close();
              }
            })
        .thenApply(answer -> Held.by(hold, dialect, language, answer));
  }

  private CompletionStage<HttpResponse> serve(
      Arrival arrival, RouteTable.Match match, Principal principal) {
    var endpoint = match.endpoint();
    try {
      return withBody(
          arrival.request(),
          endpoint,
          body ->
              endpoint
                  .handler()
                  .handle(
                      new Call(
                          arrival.request().addAttribute(Call.FROM, arrival.from()),
                          principal,
                          match.variables(),
                          body,
                          arrival.requestId(),
                          arrival.gone())));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<HttpResponse> withBody(
      HttpRequest request, Endpoint endpoint, Bodies.Use<HttpResponse> use) {
    if (endpoint.bodyLimit() == 0) {
      bodies.discard(request);
      return use.of(ByteString.emptyByteString());
    }
    if (!isJson(request.entity()) && !request.entity().isKnownEmpty()) {
      return refuse(request, endpoint.dialect(), RequestProblems.MEDIA_TYPE);
    }
    return bodies.read(request, endpoint.bodyLimit(), use);
  }

  /** Whatever the parameters are. */
  private static boolean isJson(HttpEntity entity) {
    var type = entity.getContentType().mediaType();
    return type.mainType().equals("application") && type.subType().equals("json");
  }

  private CompletionStage<HttpResponse> methodNotAllowed(
      HttpRequest request, List<RouteTable.Match> matches) {
    return refuse(
            request, dialect(request), RequestProblems.methodNotAllowed(request.method().value()))
        .thenApply(
            response -> response.addHeader(RawHeader.create("Allow", RouteTable.methods(matches))));
  }

  private CompletionStage<HttpResponse> refuse(
      HttpRequest request, Dialect dialect, Problem problem) {
    bodies.discard(request);
    return CompletableFuture.completedStage(Refusals.response(dialect, problem));
  }

  private Dialect dialect(HttpRequest request) {
    return routes.matches(request).stream()
        .findFirst()
        .map(m -> m.endpoint().dialect())
        .orElse(Dialect.GOCLAW);
  }

  private static String path(HttpRequest request) {
    return request.getUri().path();
  }
}
