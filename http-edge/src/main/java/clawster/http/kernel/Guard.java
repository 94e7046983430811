package clawster.http.kernel;

import clawster.runtime.kernel.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Whether a request comes by a way we know. Fails closed. Host and Origin are checked on every
 * route, because without a token anybody who can make a browser send a request would be admin.
 *
 * @param hosts names we answer for besides loopback
 * @param origins origins allowed besides our own, {@code https://example.org}
 */
public record Guard(Set<String> hosts, Set<String> origins) {

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  public Guard {
    hosts = inLowerCase(hosts);
    origins =
        inLowerCase(origins).stream().map(Guard::origin).collect(Collectors.toUnmodifiableSet());
  }

  /** Names of hosts are the same in any case, and browsers send them in lower case. */
  private static Set<String> inLowerCase(Set<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** As a browser sends it, if it was written like an address. */
  private static String origin(String written) {
    return written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
  }

  /** The allowed origin, other than our own, whose page sent this. */
  Optional<String> foreignOrigin(HttpRequest request) {
    return request.getHeader("Origin").map(HttpHeader::value).filter(origins::contains);
  }

  Optional<Problem> check(HttpRequest request) {
    var host = request.getUri().getHost().address().toLowerCase(Locale.ROOT);
    if (!isOurs(host)) {
      return Optional.of(RequestProblems.host(host));
    }
    var origin = request.getHeader("Origin").map(HttpHeader::value);
    if (origin.isPresent() && !isAllowed(origin.get(), request)) {
      return Optional.of(RequestProblems.origin(origin.get()));
    }
    if (changes(request) && isOfAnotherSite(request) && foreignOrigin(request).isEmpty()) {
      return Optional.of(RequestProblems.CROSS_SITE);
    }
    return Optional.empty();
  }

  private static boolean changes(HttpRequest request) {
    return !READS.contains(request.method().value());
  }

  /** Browsers say so also where they say no origin. */
  private static boolean isOfAnotherSite(HttpRequest request) {
    return request
        .getHeader("Sec-Fetch-Site")
        .map(site -> site.value().toLowerCase(Locale.ROOT))
        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
        .isPresent();
  }

  private boolean isOurs(String host) {
    var name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || isLoopbackV4(name)
        || name.equals("::1")
        || name.equals("0:0:0:0:0:0:0:1")
        || hosts.contains(name);
  }

  /** 127.0.0.0/8 written plainly; {@code 127.evil.example} is a name, not an address. */
  private static boolean isLoopbackV4(String name) {
    return name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private boolean isAllowed(String origin, HttpRequest request) {
    return origin.equals(own(request)) || origins.contains(origin);
  }

  /** The request's own origin, as a browser writes it, also where it asks for a WebSocket. */
  private static String own(HttpRequest request) {
    var authority = request.getHeader("Host").map(HttpHeader::value).orElse("");
    return request.getUri().getScheme().replaceFirst("^ws", "http") + "://" + authority;
  }
}
