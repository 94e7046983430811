package clawster.http.kernel;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What every answer tells browsers: take it for what it says it is, put it into no frame, tell
 * nobody where you come from, keep no copy. An answer that has words of its own about scripts or
 * copies, as pages have, keeps them.
 */
final class SecurityHeaders {

  private static final List<HttpHeader> ALWAYS =
      List.of(
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("X-Frame-Options", "DENY"),
          RawHeader.create("Referrer-Policy", "no-referrer"));

  private static final List<HttpHeader> UNLESS_SAID =
      List.of(
          RawHeader.create("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
          RawHeader.create("Cache-Control", "no-store"));

  /** For a year. Only who came by TLS can be told never to come without. */
  private static final HttpHeader TLS_ONLY =
      RawHeader.create("Strict-Transport-Security", "max-age=31536000");

  private SecurityHeaders() {}

  static HttpResponse on(HttpResponse response) {
    var headers = new ArrayList<>(ALWAYS);
    UNLESS_SAID.stream()
        .filter(header -> response.getHeader(header.name()).isEmpty())
        .forEach(headers::add);
    return response.addHeaders(headers);
  }

  static HttpResponse onTls(HttpResponse response) {
    return response.addHeader(TLS_ONLY);
  }
}
