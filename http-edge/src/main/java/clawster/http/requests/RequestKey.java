package clawster.http.requests;

import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.kernel.Flaw;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** {@code Idempotency-Key}: what a caller calls a request, so that it can send it again. */
record RequestKey(String value) {

  private static final int MAX_LENGTH = 255;

  static final Parameter HEADER =
      Parameter.header(
          "Idempotency-Key",
          Schema.text(1, MAX_LENGTH),
          "Printable ASCII; the same request under the same key is answered by the same run");

  /**
   * @throws BadRequest naming the header
   */
  static Optional<RequestKey> of(Call call) {
    return call.request()
        .getHeader(HEADER.name())
        .map(HttpHeader::value)
        .map(
            value -> {
              if (value.isEmpty()
                  || value.length() > MAX_LENGTH
                  || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new BadRequest(
                    RequestProblems.field(
                        HEADER.name(),
                        Flaw.of("not_ascii").with("least", 1).with("most", MAX_LENGTH)));
              }
              return new RequestKey(value);
            });
  }
}
