package clawster.http.socket;

import clawster.http.kernel.JsonBody;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/**
 * A method of the protocol, which is an endpoint under another name: who may call it, what it takes
 * and what it refuses are the endpoint's.
 *
 * @param name as GoClaw has it
 * @param operation the endpoint's, {@code GET /v1/pairing}
 * @param headers what of its parameters a request says in a header
 */
record Method(String name, String operation, Function<JsonBody, List<HttpHeader>> headers) {

  /** Its parameters are the endpoint's body. */
  static Method of(String name, String operation) {
    return new Method(name, operation, _ -> List.of());
  }
}
