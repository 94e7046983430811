package clawster.http.kernel;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.kernel.Ids;
import clawster.runtime.kernel.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its endpoint. The list of endpoints is all it knows: paths, methods, limits and
 * who may call are read off it.
 */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private static final Duration BODY_PATIENCE = Duration.ofSeconds(60);

  /** Bytes of a body too long that are read all the same: who is still sending hears no answer. */
  private static final long READ_BEYOND_LIMIT = 32L << 20;

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private record Route(Endpoint endpoint, List<String> segments) {}

  private record Match(Endpoint endpoint, Map<String, String> variables) {}

  private final ActorSystem<?> system;
  private final Guard guard;
  private final List<Route> routes;

  public Router(ActorSystem<?> system, Guard guard, List<Endpoint> endpoints) {
    this.system = system;
    this.guard = guard;
    this.routes = endpoints.stream().map(e -> new Route(e, e.segments())).toList();
  }

  /** Serves one connection. */
  public Flow<HttpRequest, HttpResponse, NotUsed> connection() {
    return Connection.flow(
        this::handle, ServerSettings.create(system.settings().config()).getPipeliningLimit());
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
      response = serve(request, requestId, gone);
    } catch (RuntimeException e) {
      response = CompletableFuture.failedStage(e);
    }
    return response
        .exceptionally(failure -> failed(dialect(request), requestId, failure))
        .thenApply(r -> finished(r, requestId));
  }

  private static HttpResponse finished(HttpResponse response, String requestId) {
    return response.addHeaders(
        List.of(
            RawHeader.create("x-request-id", requestId),
            RawHeader.create("X-Content-Type-Options", "nosniff")));
  }

  private CompletionStage<HttpResponse> serve(
      HttpRequest request, String requestId, CompletionStage<Done> gone) {
    var matches = matches(request);
    var method = request.method();
    var match = matches.stream().filter(m -> takes(m.endpoint(), method.value())).findFirst();
    var access = match.map(m -> m.endpoint().access()).orElse(Endpoint.Access.PUBLIC);
    var refused = guard.check(request, access);
    if (refused.isPresent()) {
      return refuse(request, dialect(request), refused.get());
    }
    if (match.isEmpty()) {
      return matches.isEmpty()
          ? refuse(request, dialect(request), RequestProblems.notFound(path(request)))
          : methodNotAllowed(request, matches);
    }
    var endpoint = match.get().endpoint();
    var variables = match.get().variables();
    return body(request, endpoint)
        .thenCompose(
            body -> endpoint.handler().handle(new Call(request, variables, body, requestId, gone)));
  }

  private static boolean takes(Endpoint endpoint, String method) {
    return endpoint.method().value().equals(method)
        || method.equals("HEAD") && endpoint.method().equals(HttpMethods.GET);
  }

  private CompletionStage<ByteString> body(HttpRequest request, Endpoint endpoint) {
    if (endpoint.bodyLimit() == 0) {
      request.discardEntityBytes(system);
      return CompletableFuture.completedStage(ByteString.emptyByteString());
    }
    if (!isJson(request.entity()) && !request.entity().isKnownEmpty()) {
      request.discardEntityBytes(system);
      return CompletableFuture.failedStage(new BadRequest(RequestProblems.MEDIA_TYPE));
    }
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return whole(strict.getData(), strict.getData().length(), endpoint.bodyLimit());
    }
    return request
        .entity()
        .withSizeLimit(endpoint.bodyLimit() + READ_BEYOND_LIMIT)
        .getDataBytes()
        .completionTimeout(BODY_PATIENCE)
        .runFold(new Collected(endpoint.bodyLimit()), Collected::add, system)
        .thenCompose(body -> whole(body.bytes(), body.size, endpoint.bodyLimit()));
  }

  /** Whatever the parameters are. */
  private static boolean isJson(HttpEntity entity) {
    var type = entity.getContentType().mediaType();
    return type.mainType().equals("application") && type.subType().equals("json");
  }

  private static CompletionStage<ByteString> whole(ByteString bytes, long size, long limit) {
    return size > limit
        ? CompletableFuture.failedStage(new BadRequest(RequestProblems.tooLarge(limit)))
        : CompletableFuture.completedStage(bytes);
  }

  /** Keeps a body up to its limit and goes on counting. */
  private static final class Collected {

    private final long limit;
    private final ByteStringBuilder bytes = new ByteStringBuilder();
    private long size;

    Collected(long limit) {
      this.limit = limit;
    }

    Collected add(ByteString more) {
      size += more.length();
      if (size <= limit) {
        bytes.append(more);
      }
      return this;
    }

    ByteString bytes() {
      return bytes.result();
    }
  }

  private CompletionStage<HttpResponse> methodNotAllowed(HttpRequest request, List<Match> matches) {
    var allowed =
        matches.stream()
            .map(m -> m.endpoint().method().value())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return refuse(
            request, dialect(request), RequestProblems.methodNotAllowed(request.method().value()))
        .thenApply(response -> response.addHeader(RawHeader.create("Allow", allowed)));
  }

  private CompletionStage<HttpResponse> refuse(
      HttpRequest request, Dialect dialect, Problem problem) {
    request.discardEntityBytes(system);
    return CompletableFuture.completedStage(Refusals.response(dialect, problem));
  }

  private Dialect dialect(HttpRequest request) {
    return matches(request).stream()
        .findFirst()
        .map(m -> m.endpoint().dialect())
        .orElse(Dialect.GOCLAW);
  }

  private HttpResponse failed(Dialect dialect, String requestId, Throwable failure) {
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    return switch (cause) {
      case BadRequest bad -> Refusals.response(dialect, bad.problem());
      case EntityStreamSizeException tooLarge ->
          Refusals.response(
              dialect, RequestProblems.tooLarge(tooLarge.limit() - READ_BEYOND_LIMIT));
      case TimeoutException _ -> Refusals.response(dialect, RequestProblems.SLOW);
      default -> {
        LOG.error("Request {} failed", requestId, cause);
        yield Refusals.response(dialect, RequestProblems.fault(requestId));
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
