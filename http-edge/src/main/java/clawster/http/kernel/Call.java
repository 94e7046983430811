package clawster.http.kernel;

import clawster.runtime.identity.Principal;
import clawster.runtime.limits.ClientAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;

/**
 * A request that has passed every check.
 *
 * @param principal who asks; {@link Principal#ANYBODY} where anybody may
 * @param variables the path's variables, percent-decoded
 * @param body the whole body; empty where the endpoint reads none
 * @param gone when the caller has hung up before the answer began; else never
 */
public record Call(
    HttpRequest request,
    Principal principal,
    Map<String, String> variables,
    ByteString body,
    String requestId,
    CompletionStage<Done> gone) {

  /** Set by the router, whatever a caller says of itself. */
  static final AttributeKey<ClientAddress> CLIENT =
      AttributeKey.create("client", ClientAddress.class);

  /** What its sentences are to be in. */
  public Language language() {
    return Language.of(request);
  }

  /** Where it comes from. */
  public ClientAddress client() {
    return request.getAttribute(CLIENT).orElse(ClientAddress.UNKNOWN);
  }

  public String variable(String name) {
    return variables.get(name);
  }

  public Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value).filter(value -> !value.isBlank());
  }

  public Optional<String> query(String name) {
    return request.getUri().query().get(name);
  }

  /** A whole number of the query from {@code least} to {@code most}. */
  public int number(String name, int otherwise, int least, int most) {
    return query(name)
        .map(
            text -> {
              try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // falls through to the refusal
              }
              throw new BadRequest(
                  RequestProblems.field(name, "a number from " + least + " to " + most));
            })
        .orElse(otherwise);
  }
}
