package clawster.http.kernel;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Which endpoints a request's path means, and with which variables. */
final class RouteTable {

  private record Route(Endpoint endpoint, List<String> segments) {}

  /** An endpoint at the path, whatever its method. */
  record Match(Endpoint endpoint, Map<String, String> variables) {

    boolean takes(HttpMethod method) {
      return endpoint.method().value().equals(method.value());
    }

    /** Where a GET is, the server makes one of a HEAD. */
    private Stream<String> methods() {
      return takes(HttpMethods.GET)
          ? Stream.of("GET", "HEAD")
          : Stream.of(endpoint.method().value());
    }
  }

  private final List<Route> routes;

  RouteTable(List<Endpoint> endpoints) {
    routes = endpoints.stream().map(e -> new Route(e, e.segments())).toList();
  }

  /** Those of their methods, as a header lists them. */
  static String methods(List<Match> matches) {
    return matches.stream()
        .flatMap(Match::methods)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** In the order in which they were declared. */
  List<Match> matches(HttpRequest request) {
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
