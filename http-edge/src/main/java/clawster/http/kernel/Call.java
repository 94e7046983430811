package clawster.http.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;

/**
 * A request that has passed every check.
 *
 * @param variables the path's variables, percent-decoded
 * @param body the whole body; empty where the endpoint reads none
 * @param gone when the caller has hung up before the answer began; else never
 */
public record Call(
    HttpRequest request,
    Map<String, String> variables,
    ByteString body,
    String requestId,
    CompletionStage<Done> gone) {

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
