package clawster.http.sessions;

import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;
import clawster.http.kernel.JsonBody;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.sessions.InputMode;
import clawster.runtime.sessions.SessionCommand;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What of a session can be changed by {@code PATCH}, and how a body says it. */
final class SessionPatch {

  private static final int MAX_LABEL = 200;
  private static final int MAX_MODEL = 256;
  private static final int MAX_METADATA = 8 << 10;

  static final Schema SCHEMA =
      named(
          "SessionPatch",
          object(
              optional("label", text(0, MAX_LABEL)),
              optional("model", text(0, MAX_MODEL), "`PROVIDER/MODEL`; its agent's again if empty"),
              optional(
                  "inputMode", either(SessionSchemas.MODE, words("")), "`queue` again if empty"),
              optional("metadata", tableOf(text()), MAX_METADATA + " characters in all")));

  private SessionPatch() {}

  static SessionCommand.Patch read(JsonBody body, ModelCatalogue models, Instant at) {
    return new SessionCommand.Patch(
        line(body, "label", MAX_LABEL),
        model(body, models),
        body.child("metadata").map(SessionPatch::metadata),
        body.text("inputMode").map(word -> inputMode(body, word)),
        at);
  }

  private static Optional<String> line(JsonBody body, String name, int most) {
    var line = body.line(name);
    if (line.filter(text -> text.length() > most).isPresent()) {
      throw body.bad(name, Flaw.longer(most));
    }
    return line;
  }

  /** An empty one clears. */
  private static Optional<String> model(JsonBody body, ModelCatalogue models) {
    var model = line(body, "model", MAX_MODEL);
    if (model.filter(text -> !text.isEmpty() && models.find(text).isEmpty()).isPresent()) {
      throw body.bad("model", Flaw.of("model"));
    }
    return model;
  }

  /** An empty one clears. */
  private static InputMode inputMode(JsonBody body, String word) {
    return word.isEmpty()
        ? InputMode.QUEUE
        : InputMode.of(word)
            .orElseThrow(() -> body.bad("inputMode", Flaw.notOneOf(InputMode.words())));
  }

  private static Map<String, String> metadata(JsonBody body) {
    long size = 0;
    var metadata = new HashMap<String, String>();
    for (var field : body.fields()) {
      if (!field.getValue().isTextual()) {
        throw body.bad(field.getKey(), Flaw.TEXT);
      }
      var value = field.getValue().asText();
      size += field.getKey().length() + value.length();
      if (size > MAX_METADATA) {
        throw body.bad("", Flaw.of("longer_in_all").with("most", MAX_METADATA));
      }
      metadata.put(field.getKey(), value);
    }
    return metadata;
  }
}
