package clawster.http.requests;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.sessions.InputMode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code x-clawster-input-mode}: what the messages of this request do to a busy session. */
public final class RequestedMode {

  static final String HEADER = "x-clawster-input-mode";

  private RequestedMode() {}

  /**
   * Empty for what the session says.
   *
   * @throws BadRequest naming the header
   */
  public static Optional<InputMode> of(Call call) {
    return call.header(HEADER)
        .map(
            word ->
                InputMode.of(word)
                    .orElseThrow(
                        () ->
                            new BadRequest(
                                RequestProblems.field(
                                    HEADER, "one of " + words() + " is expected"))));
  }

  private static String words() {
    return Arrays.stream(InputMode.values()).map(InputMode::word).collect(Collectors.joining(", "));
  }
}
