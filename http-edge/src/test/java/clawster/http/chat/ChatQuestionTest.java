package clawster.http.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.JsonBody;
import clawster.runtime.kernel.Problem;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an OpenAI request is understood, and what is refused by which name. */
final class ChatQuestionTest {

  private static final String HI = "{\"role\":\"user\",\"content\":\"hi\"}";

  private static ChatQuestion read(String json) {
    return ChatQuestion.read(JsonBody.object(ByteString.fromString(json)));
  }

  private static ChatQuestion with(String field) {
    return read("{\"model\":\"default\",\"messages\":[" + HI + "]," + field + "}");
  }

  private static ChatQuestion asking(String messages) {
    return read("{\"model\":\"default\",\"messages\":" + messages + "}");
  }

  private static Problem problem(Runnable reading) {
    return assertThrows(BadRequest.class, reading::run).problem();
  }

  @Test
  void theLeastThereCanBe() {
    assertEquals(
        new ChatQuestion(
            "default",
            List.of(ModelMessage.text(Role.USER, "hi")),
            false,
            false,
            Optional.empty(),
            List.of(),
            Map.of()),
        asking("[" + HI + "]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"messages":[{"role":"user","content":"hi"}]}              | model
          {"model":null,"messages":[{"role":"user","content":"hi"}]} | model
          {"model":5,"messages":[{"role":"user","content":"hi"}]}    | model
          {"model":"default"}                                        | messages
          """)
  void modelAndMessagesAreRequired(String json, String param) {
    assertEquals(param, problem(() -> read(json)).facts().get("param"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "n":2                                                                      | n
          "n":0                                                                      | n
          "n":1.5                                                                    | n
          "n":4294967297                                                             | n
          "n":"1"                                                                    | n
          "stream":"true"                                                            | stream
          "stream":1                                                                 | stream
          "stream_options":true                                                      | stream_options
          "stream_options":{"include_usage":"yes"}                                   | stream_options.include_usage
          "user":5                                                                   | user
          "user":"a\\u0000b"                                                          | user
          "user":"a\\nb"                                                              | user
          "temperature":"hot"                                                        | temperature
          "temperature":1e999                                                        | temperature
          "top_p":[]                                                                 | top_p
          "max_tokens":true                                                          | max_tokens
          "max_tokens":0                                                             | max_tokens
          "max_tokens":1.5                                                           | max_tokens
          "max_completion_tokens":-1                                                 | max_completion_tokens
          "seed":[1]                                                                 | seed
          "seed":1.5                                                                 | seed
          "stop":5                                                                   | stop
          "stop":["a",5]                                                             | stop
          "tool_choice":true                                                         | tool_choice
          "parallel_tool_calls":"no"                                                 | parallel_tool_calls
          "response_format":"json"                                                   | response_format
          "logit_bias":[1]                                                           | logit_bias
          "logit_bias":{"5":"x"}                                                     | logit_bias
          "reasoning_effort":1                                                       | reasoning_effort
          "verbosity":{}                                                             | verbosity
          "logprobs":true                                                            | logprobs
          "logprobs":1                                                               | logprobs
          "top_logprobs":2                                                           | top_logprobs
          "tools":[{"type":"function","function":{"name":"a","strict":"yes"}}]       | tools[0].function.strict
          "tools":{}                                                                 | tools
          "tools":["datetime"]                                                       | tools[0]
          "tools":[{}]                                                               | tools[0].type
          "tools":[{"type":"retrieval"}]                                             | tools[0].type
          "tools":[{"type":"function"}]                                              | tools[0].function
          "tools":[{"type":"function","function":{}}]                                | tools[0].function.name
          "tools":[{"type":"function","function":{"name":""}}]                       | tools[0].function.name
          "tools":[{"type":"function","function":{"name":"a b"}}]                    | tools[0].function.name
          "tools":[{"type":"function","function":{"name":"a","description":1}}]      | tools[0].function.description
          "tools":[{"type":"function","function":{"name":"a","parameters":[]}}]      | tools[0].function.parameters
          "tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"a"}}] | tools[1].function.name
          """)
  void aFieldThatIsWrongIsNamed(String field, String param) {
    assertNamed(param, problem(() -> with(field)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null                                                     | messages
          "hi"                                                     | messages
          {}                                                       | messages
          []                                                       | messages
          ["hi"]                                                   | messages[0]
          [null]                                                   | messages[0]
          [{"content":"hi"}]                                       | messages[0].role
          [{"role":5,"content":"hi"}]                              | messages[0].role
          [{"role":"robot","content":"hi"}]                        | messages[0].role
          [{"role":"User","content":"hi"}]                         | messages[0].role
          [{"role":"function","content":"hi"}]                     | messages[0].role
          [{"role":"user"}]                                        | messages[0].content
          [{"role":"user","content":null}]                         | messages[0].content
          [{"role":"user","content":5}]                            | messages[0].content
          [{"role":"user","content":{"type":"text"}}]              | messages[0].content
          [{"role":"user","content":["hi"]}]                       | messages[0].content[0]
          [{"role":"user","content":[{"text":"hi"}]}]              | messages[0].content[0].type
          [{"role":"user","content":[{"type":"text"}]}]            | messages[0].content[0].text
          [{"role":"user","content":[{"type":"input_audio"}]}]     | messages[0].content[0].type
          [{"role":"user","content":[{"type":"image_url"}]}]       | messages[0].content[0].image_url
          [{"role":"user","content":[{"type":"image_url","image_url":"https://x/y.png"}]}]          | messages[0].content[0].image_url
          [{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}] | messages[0].content[0].image_url.url
          [{"role":"user","content":[{"type":"image_url","image_url":{"url":"javascript:alert(1)"}}]}] | messages[0].content[0].image_url.url
          [{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x/y.png"}}]}]   | messages[0].content[0].image_url.url
          [{"role":"user","content":null,"refusal":"no"}]          | messages[0].content
          [{"role":"assistant","content":null,"refusal":5}]        | messages[0].refusal
          [{"role":"assistant"}]                                   | messages[0].content
          [{"role":"assistant","tool_calls":"x"}]                  | messages[0].tool_calls
          [{"role":"assistant","tool_calls":[{"id":"c"}]}]         | messages[0].tool_calls[0].function
          [{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}] | messages[0].tool_calls[0].id
          [{"role":"assistant","tool_calls":[{"id":"c","function":{}}]}]  | messages[0].tool_calls[0].function.name
          [{"role":"tool","content":"12"}]                         | messages[0].tool_call_id
          [{"role":"tool","content":"12","tool_call_id":7}]        | messages[0].tool_call_id
          """)
  void aMessageThatIsWrongIsNamed(String messages, String param) {
    assertNamed(param, problem(() -> asking(messages)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []
          [{"role":"system","content":"be brief"}]
          [{"role":"developer","content":"be brief"}]
          [{"role":"assistant","content":"hello"}]
          """)
  void somebodyHasToAsk(String messages) {
    assertEquals("chat.no_user_message", problem(() -> asking(messages)).code());
  }

  @Test
  void aResultOfAToolIsEnough() {
    var question = asking("[{\"role\":\"tool\",\"content\":\"12\",\"tool_call_id\":\"c\"}]");
    assertEquals(Role.TOOL, question.messages().getFirst().role());
  }

  @Test
  void thereIsAMostOfEverything() {
    var many = IntStream.range(0, 10_001).mapToObj(_ -> HI).collect(Collectors.joining(","));
    assertEquals("messages", problem(() -> asking("[" + many + "]")).facts().get("param"));
    var tools =
        IntStream.range(0, 513)
            .mapToObj("{\"type\":\"function\",\"function\":{\"name\":\"t%d\"}}"::formatted)
            .collect(Collectors.joining(","));
    assertEquals("tools", problem(() -> with("\"tools\":[" + tools + "]")).facts().get("param"));
    var model = "m".repeat(257);
    assertEquals(
        "model",
        problem(() -> read("{\"model\":\"" + model + "\",\"messages\":[" + HI + "]}"))
            .facts()
            .get("param"));
  }

  @Test
  void contentMayBeTextOrParts() {
    var question =
        asking(
            """
            [{"role":"developer","content":"be brief"},
             {"role":"user","name":"ada","content":[
               {"type":"text","text":"what is"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},
               {"type":"text","text":"this?"}]},
             {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},
             {"role":"assistant","content":null,"refusal":"no"},
             {"role":"user","content":[]}]\
            """);
    assertEquals(
        List.of(
            ModelMessage.text(Role.DEVELOPER, "be brief"),
            new ModelMessage(
                Role.USER,
                List.of(
                    new Part.Text("what is"),
                    new Part.Image("data:image/png;base64,AA==", "low"),
                    new Part.Text("this?")),
                List.of(),
                "",
                "ada"),
            ModelMessage.text(Role.ASSISTANT, "no"),
            ModelMessage.text(Role.ASSISTANT, "no"),
            new ModelMessage(Role.USER, List.of(), List.of(), "", "")),
        question.messages());
  }

  @Test
  void callsOfToolsAndTheirResultsStayAsTheyCame() {
    var question =
        asking(
            """
            [{"role":"user","content":"time?"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"c1","type":"function","function":{"name":"clock","arguments":"{\\"a\\": 1"}},
               {"id":"c2","function":{"name":"clock"}}]},
             {"role":"tool","tool_call_id":"c1","content":"noon"},
             {"role":"tool","tool_call_id":"c2","content":""}]\
            """);
    assertEquals(
        List.of(new ToolCall("c1", "clock", "{\"a\": 1"), new ToolCall("c2", "clock", "")),
        question.messages().get(1).toolCalls());
    assertEquals("c1", question.messages().get(2).toolCallId());
    assertEquals(List.of(new Part.Text("")), question.messages().get(3).content());
  }

  @Test
  void onlyAssistantsCallAndOnlyToolsAnswer() {
    var message =
        asking("[{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[1],\"tool_call_id\":\"c\"}]")
            .messages()
            .getFirst();
    assertEquals(ModelMessage.text(Role.USER, "x"), message);
  }

  @Test
  void toolsKeepTheirSchema() {
    var question =
        with(
            """
            "tools":[{"type":"function","function":{"name":"a.b-c_d","description":"does",
              "parameters":{"type":"object","properties":{"n":{"type":"integer"}}},"strict":true}},
             {"type":"function","function":{"name":"bare"}}]\
            """);
    assertEquals(
        List.of(
            new ToolSpec(
                "a.b-c_d",
                "does",
                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}",
                true),
            new ToolSpec("bare", "", "{\"type\":\"object\",\"properties\":{}}")),
        question.tools());
  }

  @Test
  void samplingParametersArePassedOnAndNothingElse() {
    var question =
        with(
            """
            "temperature":0.5,"max_tokens":7,"seed":null,"stop":["a","b"],"tool_choice":"none",
            "response_format":{"type":"json_object"},"metadata":{"x":1},"store":true,"n":1\
            """);
    assertEquals(
        Map.of(
            "temperature",
            0.5,
            "max_tokens",
            7,
            "stop",
            List.of("a", "b"),
            "tool_choice",
            "none",
            "response_format",
            Map.of("type", "json_object")),
        question.options());
  }

  @Test
  void streamingIsAskedFor() {
    var question = with("\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertTrue(question.stream());
    assertTrue(question.includeUsage());
    var plain = with("\"stream\":true,\"stream_options\":{}");
    assertTrue(plain.stream());
    assertFalse(plain.includeUsage());
  }

  @Test
  void aBlankUserIsNone() {
    assertEquals(Optional.of("ada"), with("\"user\":\"ada\"").user());
    assertEquals(Optional.empty(), with("\"user\":\"  \"").user());
  }

  private static void assertNamed(String param, Problem problem) {
    assertEquals(Problem.Kind.INVALID, problem.kind());
    assertEquals(param, problem.facts().get("param"));
  }
}
