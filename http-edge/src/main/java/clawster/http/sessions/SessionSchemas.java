package clawster.http.sessions;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.anything;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import clawster.runtime.sessions.InputMode;
import java.util.List;
import java.util.stream.Stream;

/** What {@link SessionJson} and {@link RunEvents} write, and what a change may say. */
final class SessionSchemas {

  static final String EXAMPLE =
      """
      {"label": "Holidays", "inputMode": "steer", "metadata": {"ticket": "17"}}\
      """;

  static final Schema MODE = words(InputMode.words());

  private static final List<Field> PROFILE =
      List.of(
          field("key", text()),
          field("agentName", text(), "The agent's key"),
          field("channel", text(), "Where it came from"),
          field("userID", text(), "On whose behalf"),
          optional("label", text()),
          optional("model", text(), "Where it is not its agent's"),
          field("inputMode", MODE),
          optional("metadata", tableOf(text())),
          field("messageCount", count()),
          field("created", time()),
          field("updated", time()),
          field("inputTokens", count()),
          field("outputTokens", count()));

  private static final Schema ITEM =
      named("SessionItem", profileWith(optional("estimatedTokens", count(), "Of its last prompt")));

  static final Schema PAGE =
      named(
          "SessionPage",
          object(
              field("sessions", listOf(ITEM)),
              field("total", count()),
              field("limit", count()),
              field("offset", count())));

  private static final Schema MESSAGE =
      named(
          "Message",
          object(
              field("id", text()),
              field("timestamp", time()),
              field("role", words("system", "developer", "user", "assistant", "tool")),
              field("content", text()),
              optional("images", listOf(text()), "URLs"),
              optional("thinking", text()),
              optional(
                  "tool_calls",
                  listOf(
                      object(
                          field("id", text()),
                          field("name", text()),
                          field(
                              "arguments",
                              either(tableOf(anything()), text()),
                              "What the model wrote, if that is no object")))),
              optional("tool_call_id", text()),
              optional("name", text()),
              optional(
                  "mark",
                  words("recovered", "aborted", "incomplete"),
                  "Where it is not a plain whole one")));

  static final Schema SESSION =
      named(
          "Session",
          profileWith(
              field("messages", listOf(MESSAGE)),
              field("summary", text()),
              field("lastPromptTokens", count()),
              field("isRunning", flag()),
              optional("runId", uuid(), "Of the run that is going on")));

  static final Schema OK = object(field("ok", flag()));

  static final Schema ABORTED =
      object(
          field("ok", flag()),
          field("aborted", flag(), "Whether any was going on"),
          field("runIds", listOf(uuid())));

  static final Schema EVENT =
      named(
          "RunEvent",
          object(
              field("run", uuid(), "Whose it is; the fields below depend on the event's name"),
              optional("session", text(), "`run.accepted`"),
              optional("text", text(), "`text`, `reasoning`"),
              optional("id", text(), "`tool.call`, `tool.result`"),
              optional("name", text(), "`tool.call`"),
              optional("arguments", text(), "`tool.call`"),
              optional("client", flag(), "`tool.call`: whether the caller has to run it"),
              optional("content", text(), "`tool.result`"),
              optional("outcome", text(), "`tool.result`"),
              optional("reason", text(), "`run.recovered`"),
              optional("messageId", text(), "`run.done`"),
              optional("finishReason", text(), "`run.done`"),
              optional("usage", tableOf(count()), "`run.done`"),
              optional("code", text(), "`run.failed`"),
              optional("message", text(), "`run.failed`"),
              optional("by", uuid(), "`run.steered`: the run whose input joined it"),
              optional("into", uuid(), "`run.absorbed`: the run that answers its input")));

  private SessionSchemas() {}

  private static Schema profileWith(Field... more) {
    return object(Stream.concat(PROFILE.stream(), Stream.of(more)).toArray(Field[]::new));
  }
}
