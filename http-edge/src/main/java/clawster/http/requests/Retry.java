package clawster.http.requests;

import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.Call;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code x-stainless-retry-count}: which attempt of its own an OpenAI SDK makes, from 0. SDKs send
 * it always, and nobody else does.
 */
record Retry(int count) {

  static final Parameter HEADER =
      Parameter.header(
          "x-stainless-retry-count",
          Schema.text(),
          "Which attempt an OpenAI SDK makes, from 0: a second one is answered by the first's run");

  private static final Pattern FORM = Pattern.compile("[0-9]{1,6}");

  static Optional<Retry> of(Call call) {
    return call.header(HEADER.name())
        .filter(count -> FORM.matcher(count).matches())
        .map(count -> new Retry(Integer.parseInt(count)));
  }

  boolean isAnother() {
    return count > 0;
  }
}
