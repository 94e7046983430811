package clawster.http.kernel;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What a request's headers say. */
final class Headers {

  private Headers() {}

  /**
   * Of all headers with that name, in their order.
   *
   * @param name in lower case
   */
  static Stream<String> values(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(name))
        .map(HttpHeader::value);
  }
}
