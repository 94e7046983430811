package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelEvent.Finished;
import clawster.runtime.models.ModelEvent.Reasoning;
import clawster.runtime.models.ModelEvent.Text;
import clawster.runtime.models.ModelEvent.ToolCallFragment;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnthropicWireTest {

  private static final ToolSpec TOOL = new ToolSpec("f", "does", "{\"type\":\"object\"}");

  private final AnthropicAnswer answer = new AnthropicAnswer();
  private final List<ModelEvent> events = new ArrayList<>();

  @Test
  void messagesStayInOrderAndApart() throws Exception {
    var request =
        new ModelRequest(
            "m",
            List.of(
                ModelMessage.text(Role.SYSTEM, "s1"),
                ModelMessage.text(Role.USER, "a"),
                ModelMessage.text(Role.SYSTEM, "s2"),
                ModelMessage.text(Role.USER, "b"),
                new ModelMessage(
                    Role.ASSISTANT,
                    List.of(new Part.Text("let me see")),
                    List.of(
                        new ToolCall("c1", "f", "{\"a\":1}"),
                        new ToolCall("c2", "f", ""),
                        new ToolCall("c3", "f", "{oops")),
                    "",
                    ""),
                new ModelMessage(Role.TOOL, List.of(new Part.Text("42")), List.of(), "c1", ""),
                new ModelMessage(
                    Role.TOOL,
                    List.of(new Part.Image("data:image/png;base64,AA==", "")),
                    List.of(),
                    "c2",
                    ""),
                new ModelMessage(
                    Role.USER,
                    List.of(new Part.Text("look"), new Part.Image("https://x/y.png", "low")),
                    List.of(),
                    "",
                    "ann")),
            List.of(TOOL),
            Map.of());
    assertEquals(
        Json.MAPPER.readTree(
            """
            {"model":"m","stream":true,"max_tokens":8192,
             "system":[{"type":"text","text":"s1"},{"type":"text","text":"s2"}],
             "messages":[
              {"role":"user","content":"a"},
              {"role":"user","content":"b"},
              {"role":"assistant","content":[{"type":"text","text":"let me see"},
                {"type":"tool_use","id":"c1","name":"f","input":{"a":1}},
                {"type":"tool_use","id":"c2","name":"f","input":{}},
                {"type":"tool_use","id":"c3","name":"f","input":{"arguments":"{oops"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"42"}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c2","content":[
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]},
              {"role":"user","content":[{"type":"text","text":"look"},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]}],
             "tools":[{"name":"f","description":"does","input_schema":{"type":"object"}}]}
            """),
        Json.MAPPER.readTree(AnthropicQuestion.body(request)));
  }

  @Test
  void whatAModelLeftBlankDoesNotSpoilTheConversation() throws Exception {
    var request =
        new ModelRequest(
            "m",
            List.of(
                ModelMessage.text(Role.USER, "a"),
                new ModelMessage(Role.ASSISTANT, List.of(), List.of(), "", ""),
                ModelMessage.text(Role.ASSISTANT, "\n"),
                new ModelMessage(
                    Role.ASSISTANT,
                    List.of(new Part.Text("\n\n")),
                    List.of(new ToolCall("c1", "f", "{}")),
                    "",
                    ""),
                new ModelMessage(Role.TOOL, List.of(new Part.Text("")), List.of(), "c1", "")),
            List.of(),
            Map.of());
    assertEquals(
        Json.MAPPER.readTree(
            """
            [{"role":"user","content":"a"},
             {"role":"assistant","content":[
               {"type":"tool_use","id":"c1","name":"f","input":{}}]},
             {"role":"user","content":[
               {"type":"tool_result","tool_use_id":"c1","content":""}]}]
            """),
        Json.MAPPER.readTree(AnthropicQuestion.body(request)).get("messages"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                                       | {'max_tokens':8192}",
        "{'max_tokens':5}                                         | {'max_tokens':5}",
        "{'max_tokens':5,'max_completion_tokens':6}               | {'max_tokens':6}",
        "{'temperature':0.5,'top_p':1}                            |"
            + " {'max_tokens':8192,'temperature':0.5,'top_p':1}",
        "{'stop':'x'}                                             |"
            + " {'max_tokens':8192,'stop_sequences':['x']}",
        "{'stop':['x','y']}                                       |"
            + " {'max_tokens':8192,'stop_sequences':['x','y']}",
        "{'tool_choice':'auto'}                                   |"
            + " {'max_tokens':8192,'tool_choice':{'type':'auto'}}",
        "{'tool_choice':'none','parallel_tool_calls':false}       |"
            + " {'max_tokens':8192,'tool_choice':{'type':'none'}}",
        "{'tool_choice':'required'}                               |"
            + " {'max_tokens':8192,'tool_choice':{'type':'any'}}",
        "{'tool_choice':{'type':'function','function':{'name':'f'}}} |"
            + " {'max_tokens':8192,'tool_choice':{'type':'tool','name':'f'}}",
        "{'parallel_tool_calls':false}                            |"
            + " {'max_tokens':8192,'tool_choice':{'type':'auto','disable_parallel_tool_use':true}}",
        "{'parallel_tool_calls':true}                             | {'max_tokens':8192}",
        "{'seed':1,'response_format':{'type':'json_object'},'n':1} | {'max_tokens':8192}"
      })
  void optionsAreMappedOrDropped(String options, String expected) throws Exception {
    assertEquals(
        json(expected),
        body(options, List.of(TOOL)).without(List.of("model", "stream", "messages", "tools")));
  }

  @Test
  void withoutToolsThereIsNothingToChoose() throws Exception {
    assertFalse(
        body("{'tool_choice':'auto','parallel_tool_calls':false}", List.of()).has("tool_choice"));
  }

  @Test
  void anInlineImageMustBeInBase64() {
    var message =
        new ModelMessage(
            Role.USER, List.of(new Part.Image("data:image/svg+xml,<svg/>", "")), List.of(), "", "");
    var request = new ModelRequest("m", List.of(message), List.of(), Map.of());
    assertEquals(
        ModelFailure.Kind.REFUSED,
        assertThrows(ModelFailure.class, () -> AnthropicQuestion.body(request)).kind());
  }

  @Test
  void anAnswerOfAllKindsOfBlocksIsRead() {
    assertTrue(
        read(
            "{'type':'message_start','message':{'usage':{'input_tokens':5,'cache_read_input_tokens':7,'output_tokens':1}}}"));
    read(
        "{'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':''}}");
    assertFalse(read("{'type':'ping'}"));
    read(
        "{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'hm'}}");
    read(
        "{'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'xyz'}}");
    read("{'type':'content_block_stop','index':0}");
    read("{'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}");
    read("{'index':1,'delta':{'text':'Hi','type':'text_delta'},'type':'content_block_delta'}");
    read("{'type':'content_block_stop','index':1}");
    read(
        "{'type':'content_block_start','index':2,'content_block':{'type':'tool_use','id':'a','name':'f','input':{}}}");
    read(
        "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':''}}");
    read(
        "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'{1'}}");
    read(
        "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'}'}}");
    read("{'type':'content_block_stop','index':2}");
    read(
        "{'type':'content_block_start','index':3,'content_block':{'type':'tool_use','id':'b','name':'g','input':{}}}");
    read("{'type':'content_block_stop','index':3}");
    read("{'type':'message_delta','delta':{'stop_reason':'tool_use'},'usage':{'output_tokens':9}}");
    assertFalse(answer.whole());
    read("{'type':'message_stop'}");
    assertTrue(answer.ended());
    assertEquals(
        List.of(
            new Reasoning("hm"),
            new Text("Hi"),
            new ToolCallFragment(0, "a", "f", ""),
            new ToolCallFragment(0, "", "", "{1"),
            new ToolCallFragment(0, "", "", "}"),
            new ToolCallFragment(1, "b", "g", ""),
            new ToolCallFragment(1, "", "", "{}")),
        events);
    assertEquals(new Finished(FinishReason.TOOL_CALLS, new Usage(12, 9)), answer.finished());
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, STOP",
    "stop_sequence, STOP",
    "max_tokens, LENGTH",
    "model_context_window_exceeded, LENGTH",
    "tool_use, TOOL_CALLS",
    "refusal, CONTENT_FILTER",
    "pause_turn, STOP"
  })
  void stopReasonsAreMapped(String wire, FinishReason reason) {
    read(
        "{'type':'message_delta','delta':{'stop_reason':'"
            + wire
            + "'},'usage':{'output_tokens':9}}");
    assertEquals(reason, answer.finished().reason());
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded_error, 529",
    "rate_limit_error, 429",
    "api_error, 500",
    "authentication_error, 401",
    "permission_error, 403",
    "invalid_request_error, 400",
    "not_found_error, 404",
    "request_too_large, 413",
    "timeout_error, 504",
    "new_error, 500"
  })
  void errorsInTheStreamHaveTheStatusTheyWouldHaveHad(String type, int status) {
    var error =
        assertThrows(
            UpstreamError.class,
            () -> read("{'type':'error','error':{'type':'" + type + "','message':'no'}}"));
    assertEquals(status, error.fault().code());
    assertTrue(error.getMessage().endsWith("no"));
  }

  @Test
  void aWholeMessageIsRead() {
    var bytes =
        quoted(
                "{'content':[{'type':'text','text':'Hi'},{'type':'tool_use','id':'a','name':'f','input':{'x':1}}],'stop_reason':'tool_use','usage':{'input_tokens':2,'output_tokens':3}}")
            .getBytes(StandardCharsets.UTF_8);
    answer.readWhole(bytes, events::add);
    assertEquals(
        List.of(
            new Text("Hi"),
            new ToolCallFragment(0, "a", "f", ""),
            new ToolCallFragment(0, "", "", "{\"x\":1}")),
        events);
    assertEquals(new Finished(FinishReason.TOOL_CALLS, new Usage(2, 3)), answer.finished());
  }

  private boolean read(String json) {
    var bytes = quoted(json).getBytes(StandardCharsets.UTF_8);
    return answer.read(bytes, 0, bytes.length, events::add);
  }

  private static ObjectNode body(String options, List<ToolSpec> tools) throws Exception {
    @SuppressWarnings("unchecked")
    Map<String, Object> plain = Json.MAPPER.treeToValue(json(options), Map.class);
    return (ObjectNode)
        Json.MAPPER.readTree(
            AnthropicQuestion.body(new ModelRequest("m", List.of(), tools, plain)));
  }

  private static JsonNode json(String text) throws Exception {
    return Json.MAPPER.readTree(quoted(text));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
