package clawster.http.kernel;

import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;

/**
 * A request that has passed every check.
 *
 * @param variables the path's variables, percent-decoded
 * @param body the whole body; empty where the endpoint reads none
 */
public record Call(
    HttpRequest request, Map<String, String> variables, ByteString body, String requestId) {

  public String variable(String name) {
    return variables.get(name);
  }

  public Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value).filter(value -> !value.isBlank());
  }

  public Optional<String> query(String name) {
    return request.getUri().query().get(name);
  }
}
