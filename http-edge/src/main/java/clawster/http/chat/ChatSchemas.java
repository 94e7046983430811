package clawster.http.chat;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.anything;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.number;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;

/** What OpenAI's "Create chat completion" looks like here. {@link ChatQuestion} reads it. */
final class ChatSchemas {

  static final String EXAMPLE =
      """
      {"model": "openclaw", "messages": [{"role": "user", "content": "Hello"}]}\
      """;

  private static final Schema CALL =
      named(
          "ToolCall",
          object(
              field("id", text()),
              optional("type", text(), "`function`"),
              field(
                  "function",
                  object(
                      field("name", text()),
                      optional("arguments", text(), "JSON, as the model wrote it")))));

  private static final Schema PART =
      named(
          "ContentPart",
          either(
              object(field("type", words("text")), field("text", text())),
              object(field("type", words("refusal")), field("refusal", text())),
              object(
                  field("type", words("image_url")),
                  field(
                      "image_url",
                      object(
                          field("url", formed("(?:https://|data:).*", "https://example.org/a.png")),
                          optional("detail", text()))))));

  private static final Schema CONTENT = either(text(), listOf(PART));

  private static final Schema MESSAGE =
      named(
          "ChatMessage",
          either(
              object(
                  field("role", words("system", "developer", "user")),
                  field("content", CONTENT),
                  optional("name", text())),
              object(
                  field("role", words("assistant")),
                  field("content", CONTENT),
                  optional("tool_calls", listOf(CALL)),
                  optional("name", text())),
              object(
                  field("role", words("assistant")),
                  field("tool_calls", listOf(CALL, 1, Schema.ENDLESS))),
              object(
                  field("role", words("tool")),
                  field("content", CONTENT),
                  field("tool_call_id", text(1, Schema.ENDLESS)))));

  private static final Schema TOOL =
      named(
          "ClientTool",
          object(
              field("type", words("function")),
              field(
                  "function",
                  object(
                      field("name", formed(ChatQuestion.TOOL_NAME, "get_weather")),
                      optional("description", text()),
                      optional("parameters", tableOf(anything()), "JSON Schema"),
                      optional("strict", flag())))));

  static final Schema REQUEST =
      named(
          "ChatCompletionRequest",
          object(
              field(
                  "model",
                  text(0, ChatQuestion.MAX_MODEL),
                  "An agent's key, `goclaw:KEY`, `openclaw`, `openclaw/KEY`"),
              field(
                  "messages",
                  listOf(MESSAGE, 1, ChatQuestion.MAX_MESSAGES),
                  "With one of the user's or a tool's at least. Of a kept session, only those"
                      + " behind the last of the assistant's are new"),
              optional("stream", flag()),
              optional("stream_options", object(optional("include_usage", flag()))),
              optional("user", text(), "With `openclaw`, names a kept session"),
              optional(
                  "tools", listOf(TOOL, 0, ChatQuestion.MAX_TOOLS), "Tools that the caller runs"),
              optional("tool_choice", either(text(), tableOf(anything()))),
              optional("parallel_tool_calls", flag()),
              optional("n", whole(1, 1)),
              optional("temperature", number()),
              optional("top_p", number()),
              optional("presence_penalty", number()),
              optional("frequency_penalty", number()),
              optional("max_tokens", whole(1, Long.MAX_VALUE)),
              optional("max_completion_tokens", whole(1, Long.MAX_VALUE)),
              optional("seed", whole()),
              optional("stop", either(text(), listOf(text()))),
              optional("response_format", tableOf(anything())),
              optional("logit_bias", tableOf(number())),
              optional("reasoning_effort", text()),
              optional("verbosity", text())));

  private static final Schema USAGE =
      named(
          "Usage",
          object(
              field("prompt_tokens", count()),
              field("completion_tokens", count()),
              field("total_tokens", count())));

  static final Schema COMPLETION =
      named(
          "ChatCompletion",
          object(
              field("id", text()),
              field("object", words("chat.completion")),
              field("created", whole(), "Seconds since the epoch"),
              field("model", text(), "As it was asked for"),
              field(
                  "choices",
                  listOf(
                      object(
                          field("index", whole(0, 0)),
                          field(
                              "message",
                              object(
                                  field("role", words("assistant")),
                                  field("content", orNull(text())),
                                  optional("reasoning_content", text()),
                                  optional("tool_calls", listOf(CALL)),
                                  field("refusal", orNull(text())))),
                          field("logprobs", orNull(tableOf(anything()))),
                          field("finish_reason", text())),
                      1,
                      1)),
              field("usage", USAGE)));

  private static final Schema CALL_DELTA =
      object(
          field("index", count()),
          field("id", text()),
          field("type", words("function")),
          field("function", object(field("name", text()), field("arguments", text()))));

  static final Schema CHUNK =
      named(
          "ChatCompletionChunk",
          object(
              field("id", text()),
              field("object", words("chat.completion.chunk")),
              field("created", whole(), "Seconds since the epoch"),
              field("model", text(), "As it was asked for"),
              field(
                  "choices",
                  listOf(
                      object(
                          field("index", whole(0, 0)),
                          field(
                              "delta",
                              object(
                                  optional("role", words("assistant")),
                                  optional("content", text()),
                                  optional("reasoning_content", text()),
                                  optional("tool_calls", listOf(CALL_DELTA)))),
                          field("finish_reason", orNull(text()))),
                      0,
                      1)),
              optional("usage", USAGE, "In the last chunk, if `include_usage` was asked for")));

  private ChatSchemas() {}
}
