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
import clawster.runtime.kernel.StorageAway;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its endpoint. The list of endpoints is all it knows: paths, methods, limits and
 * who may call are read off it.
 */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private static final HttpHeader CLOSE =
      org.apache.pekko.http.javadsl.model.headers.Connection.create("close");

  private record Route(Endpoint endpoint, List<String> segments) {}

  /**
   * @param gone when the caller has hung up before the answer began; else never
   */
  private record Arrival(
      HttpRequest request, Provenance from, String requestId, CompletionStage<Done> gone) {}

  private record Match(Endpoint endpoint, Map<String, String> variables) {}

  private final ActorSystem<?> system;
  private final Supplier<Guard> guard;
  private final Supplier<TrustedProxies> proxies;
  private final Admission admission;
  private final List<Route> routes;
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
    this.proxies = proxies;
    this.admission = admission;
    this.limits = limits;
    this.connections = connections;
    this.bodies = new Bodies(system, limits);
    this.routes = endpoints.stream().map(e -> new Route(e, e.segments())).toList();
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
        .exceptionally(failure -> failed(dialect(request), requestId, failure))
        .thenApply(r -> Refusals.in(() -> Language.of(request), r))
        .thenApply(r -> parting(readable(guard.get(), request, finished(r, requestId))))
        .thenApply(r -> proxies.get().isHttps(request) ? SecurityHeaders.onTls(r) : r);
  }

  /** No connection is kept to a node that is about to go. */
  private HttpResponse parting(HttpResponse response) {
    return departure.hasBegun() ? response.addHeader(CLOSE) : response;
  }

  static HttpResponse finished(HttpResponse response, String requestId) {
    return SecurityHeaders.on(response).addHeader(RawHeader.create("x-request-id", requestId));
  }

  /** Lets a page of an allowed origin read the answer. Never any page, and never with cookies. */
  private static HttpResponse readable(Guard guard, HttpRequest request, HttpResponse response) {
    return guard
        .foreignOrigin(request)
        .map(
            origin ->
                response.addHeaders(
                    List.of(
                        RawHeader.create("Access-Control-Allow-Origin", origin),
                        RawHeader.create("Access-Control-Expose-Headers", "*"),
                        RawHeader.create("Vary", "Origin"))))
        .orElse(response);
  }

  private CompletionStage<HttpResponse> serve(Arrival arrival) {
    var request = arrival.request();
    var matches = matches(request);
    var method = request.method();
    var match = matches.stream().filter(m -> takes(m.endpoint(), method.value())).findFirst();
    var wrongWay = guard.get().check(request);
    if (wrongWay.isPresent()) {
      match.ifPresent(m -> note(arrival, m.endpoint(), Principal.ANYBODY, wrongWay.get()));
      return refuse(request, dialect(request), wrongWay.get());
    }
    if (match.isEmpty()) {
      return matches.isEmpty()
          ? refuse(request, dialect(request), RequestProblems.notFound(path(request)))
          : isPreflight(request)
              ? CompletableFuture.completedStage(preflight(request, matches))
              : methodNotAllowed(request, matches);
    }
    var endpoint = match.get().endpoint();
    return endpoint.access() == Access.PUBLIC
        ? serve(arrival, match.get(), Principal.ANYBODY)
        : admission
            .admit(request, arrival.from().client())
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

  private CompletionStage<HttpResponse> allowed(Arrival arrival, Match match, Principal principal) {
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

  private CompletionStage<HttpResponse> serve(Arrival arrival, Match match, Principal principal) {
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

  private static boolean takes(Endpoint endpoint, String method) {
    return endpoint.method().value().equals(method);
  }

  /** Where a GET is, the server makes one of a HEAD. */
  private static Stream<String> methods(Endpoint endpoint) {
    return endpoint.method().equals(HttpMethods.GET)
        ? Stream.of("GET", "HEAD")
        : Stream.of(endpoint.method().value());
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

  private CompletionStage<HttpResponse> methodNotAllowed(HttpRequest request, List<Match> matches) {
    return refuse(
            request, dialect(request), RequestProblems.methodNotAllowed(request.method().value()))
        .thenApply(response -> response.addHeader(RawHeader.create("Allow", methods(matches))));
  }

  private static String methods(List<Match> matches) {
    return matches.stream()
        .flatMap(m -> methods(m.endpoint()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** A browser asks whether a page of an allowed origin may ask. */
  private boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethods.OPTIONS)
        && request.getHeader("Access-Control-Request-Method").isPresent()
        && guard.get().foreignOrigin(request).isPresent();
  }

  private static HttpResponse preflight(HttpRequest request, List<Match> matches) {
    var headers = request.getHeader("Access-Control-Request-Headers").map(HttpHeader::value);
    var response =
        HttpResponse.create()
            .withStatus(StatusCodes.NO_CONTENT)
            .addHeaders(
                List.of(
                    RawHeader.create("Access-Control-Allow-Methods", methods(matches)),
                    RawHeader.create("Access-Control-Max-Age", "600")));
    return headers
        .map(asked -> response.addHeader(RawHeader.create("Access-Control-Allow-Headers", asked)))
        .orElse(response);
  }

  private CompletionStage<HttpResponse> refuse(
      HttpRequest request, Dialect dialect, Problem problem) {
    bodies.discard(request);
    return CompletableFuture.completedStage(Refusals.response(dialect, problem));
  }

  private Dialect dialect(HttpRequest request) {
    return matches(request).stream()
        .findFirst()
        .map(m -> m.endpoint().dialect())
        .orElse(Dialect.GOCLAW);
  }

  private HttpResponse failed(Dialect dialect, String requestId, Throwable failure) {
    var cause = Failures.cause(failure);
    return switch (cause) {
      case BadRequest bad -> Refusals.response(dialect, bad.problem());
      case StorageAway _ -> Refusals.response(dialect, RequestProblems.UNAVAILABLE);
      default -> {
        LOG.error("Request {} failed", requestId, cause);
        yield Refusals.afterAcceptance(dialect, RequestProblems.fault(requestId));
      }
    };
  }

  private static String path(HttpRequest request) {
    return request.getUri().path();
  }

  private List<Match> matches(HttpRequest request) {
    var path = request.getUri().getPathString();
    var given = List.of(path.substring(Math.min(1, path.length())).split("/", -1));
    var found = new ArrayList<Match>(1);
    for (var route : routes) {
      match(route.segments(), given)
          .ifPresent(variables -> found.add(new Match(route.endpoint(), variables)));
    }
    return found;
  }

  private static Optional<Map<String, String>> match(List<String> segments, List<String> given) {
    var variables = new HashMap<String, String>(2);
    for (int i = 0; i < segments.size(); i++) {
      var segment = segments.get(i);
      if (segment.endsWith("...}")) {
        var rest = String.join("/", given.subList(Math.min(i, given.size()), given.size()));
        variables.put(segment.substring(1, segment.length() - 4), decoded(rest));
        return Optional.of(variables);
      }
      if (i >= given.size()) {
        return Optional.empty();
      }
      if (segment.startsWith("{")) {
        variables.put(segment.substring(1, segment.length() - 1), decoded(given.get(i)));
      } else if (!segment.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return given.size() == segments.size() ? Optional.of(variables) : Optional.empty();
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest(RequestProblems.notFound(segment));
    }
  }
}
