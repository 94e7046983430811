package clawster.http.requests;

import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.sessions.InputMode;
import java.util.Optional;

/** {@code x-clawster-input-mode}: what the messages of this request do to a busy session. */
public final class RequestedMode {

  static final Parameter HEADER =
      Parameter.header(
          "x-clawster-input-mode",
          Schema.words(InputMode.words()),
          "What this input does to a session that is busy, if not what the session says");

  private RequestedMode() {}

  /**
   * Empty for what the session says.
   *
   * @throws BadRequest naming the header
   */
  public static Optional<InputMode> of(Call call) {
    return call.header(HEADER.name())
        .map(
            word ->
                InputMode.of(word)
                    .orElseThrow(
                        () ->
                            new BadRequest(
                                RequestProblems.field(
                                    HEADER.name(), Flaw.notOneOf(InputMode.words())))));
  }
}
