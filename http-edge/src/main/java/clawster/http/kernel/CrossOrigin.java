package clawster.http.kernel;

import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What browsers are told for pages of an allowed origin: never for any page, never with cookies.
 */
record CrossOrigin(Supplier<Guard> guard) {

  /** Lets such a page read the answer. */
  HttpResponse readable(HttpRequest request, HttpResponse response) {
    return guard
        .get()
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

  /** Whether a browser asks if such a page may ask. */
  boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethods.OPTIONS)
        && request.getHeader("Access-Control-Request-Method").isPresent()
        && guard.get().foreignOrigin(request).isPresent();
  }

  /** That it may, by these methods. */
  static HttpResponse preflight(HttpRequest request, String methods) {
    var headers = request.getHeader("Access-Control-Request-Headers").map(HttpHeader::value);
    var response =
        HttpResponse.create()
            .withStatus(StatusCodes.NO_CONTENT)
            .addHeaders(
                List.of(
                    RawHeader.create("Access-Control-Allow-Methods", methods),
                    RawHeader.create("Access-Control-Max-Age", "600")));
    return headers
        .map(asked -> response.addHeader(RawHeader.create("Access-Control-Allow-Headers", asked)))
        .orElse(response);
  }
}
