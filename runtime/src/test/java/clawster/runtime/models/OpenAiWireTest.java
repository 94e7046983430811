package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelEvent.Finished;
import clawster.runtime.models.ModelEvent.Reasoning;
import clawster.runtime.models.ModelEvent.Text;
import clawster.runtime.models.ModelEvent.ToolCallFragment;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiWireTest {

  private final OpenAiAnswer answer = new OpenAiAnswer();
  private final List<ModelEvent> events = new ArrayList<>();

  @Test
  void messagesGoUpAsTheyCame() throws Exception {
    var request =
        new ModelRequest(
            "m",
            List.of(
                ModelMessage.text(Role.SYSTEM, "s1"),
                ModelMessage.text(Role.DEVELOPER, "s2"),
                new ModelMessage(Role.USER, List.of(new Part.Text("hi")), List.of(), "", "ann"),
                new ModelMessage(
                    Role.USER,
                    List.of(
                        new Part.Text("see"),
                        new Part.Image("https://x/y.png", "low"),
                        new Part.Image("data:image/png;base64,AA", "")),
                    List.of(),
                    "",
                    ""),
                new ModelMessage(
                    Role.ASSISTANT,
                    List.of(),
                    List.of(new ToolCall("c1", "f", "{\"a\":1}")),
                    "",
                    ""),
                new ModelMessage(Role.TOOL, List.of(new Part.Text("42")), List.of(), "c1", ""),
                ModelMessage.text(Role.ASSISTANT, "")),
            List.of(
                new ToolSpec("f", "does", "{\"type\":\"object\"}"),
                new ToolSpec("g", "", "{\"type\":\"object\"}", true)),
            Map.of(
                "temperature",
                0.5,
                "stop",
                List.of("x"),
                "model",
                "other",
                "tool_choice",
                Map.of("type", "auto")));
    assertJson(
        """
        {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[
          {"role":"system","content":"s1"},
          {"role":"developer","content":"s2"},
          {"role":"user","name":"ann","content":"hi"},
          {"role":"user","content":[{"type":"text","text":"see"},
            {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
          {"role":"tool","content":"42","tool_call_id":"c1"},
          {"role":"assistant","content":""}],
         "tools":[{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}},
          {"type":"function","function":{"name":"g","parameters":{"type":"object"},"strict":true}}],
         "stop":["x"],"temperature":0.5,"tool_choice":{"type":"auto"}}
        """,
        OpenAiQuestion.body(request));
  }

  @Test
  void aToolWithoutAReadableSchemaIsRefused() {
    var request = new ModelRequest("m", List.of(), List.of(new ToolSpec("f", "", "{")), Map.of());
    var failure = assertThrows(ModelFailure.class, () -> OpenAiQuestion.body(request));
    assertEquals(ModelFailure.Kind.REFUSED, failure.kind());
    assertTrue(failure.getMessage().contains("tool f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning", "reasoning_content"})
  void reasoningHasTwoNames(String name) {
    read("{'choices':[{'delta':{'" + name + "':'hm','content':'yes'}}]}");
    assertEquals(List.of(new Reasoning("hm"), new Text("yes")), events);
  }

  @Test
  void emptyPiecesAreNoEvents() {
    read(
        "{'choices':[{'delta':{'role':'assistant','content':'','reasoning_content':null,'tool_calls':null}}],'usage':null,'error':null}");
    assertEquals(List.of(), events);
  }

  @Test
  void toolCallsComeInFragmentsAndSideBySide() {
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':''}}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':1,'id':'b','function':{'name':'g','arguments':'{'}}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':1,'function':{'arguments':'}'}}]},'finish_reason':'tool_calls'}]}");
    assertEquals(
        List.of(
            new ToolCallFragment(0, "a", "f", ""),
            new ToolCallFragment(0, "", "", "{}"),
            new ToolCallFragment(1, "b", "g", "{"),
            new ToolCallFragment(1, "", "", "}")),
        events);
    assertEquals(new Finished(FinishReason.TOOL_CALLS, Usage.NONE), answer.finished());
  }

  @Test
  void callsWithoutIndexAreNumberedAndNoIdIsMadeUp() {
    read(
        "{'choices':[{'delta':{'tool_calls':[{'function':{'name':'f','arguments':{'x':1}}},{'function':{'name':'g','arguments':'{'}}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'function':{'arguments':'}'}}]},'finish_reason':'stop'}]}");
    assertEquals(
        List.of(
            new ToolCallFragment(0, "", "f", "{\"x\":1}"),
            new ToolCallFragment(1, "", "g", "{"),
            new ToolCallFragment(1, "", "", "}")),
        events);
    assertEquals(FinishReason.TOOL_CALLS, answer.finished().reason());
  }

  @Test
  void anotherIdOnAKnownIndexIsAnotherCall() {
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'b','function':{'name':'f','arguments':'{'}}]}}]}");
    read("{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}}]}");
    assertEquals(
        List.of(
            new ToolCallFragment(0, "a", "f", "{}"),
            new ToolCallFragment(1, "b", "f", "{"),
            new ToolCallFragment(1, "", "", "}")),
        events);
  }

  @Test
  void aNameMayComeAfterTheId() {
    read("{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','type':'function'}]}}]}");
    read(
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}");
    assertEquals(
        List.of(new ToolCallFragment(0, "a", "", ""), new ToolCallFragment(0, "", "f", "{}")),
        events);
  }

  @Test
  void reasoningUnderBothNamesIsHeardOnce() {
    read("{'choices':[{'delta':{'reasoning':'hm','reasoning_content':'hm'}}]}");
    assertEquals(List.of(new Reasoning("hm")), events);
  }

  @Test
  void otherChoicesAreNotHeard() {
    read("{'choices':[{'index':1,'delta':{'content':'b'}},{'index':0,'delta':{'content':'a'}}]}");
    assertEquals(List.of(new Text("a")), events);
  }

  @ParameterizedTest
  @CsvSource({
    "stop, STOP",
    "length, LENGTH",
    "content_filter, CONTENT_FILTER",
    "tool_calls, TOOL_CALLS",
    "function_call, TOOL_CALLS",
    "eos, STOP"
  })
  void finishReasonsAreMapped(String wire, FinishReason reason) {
    read("{'choices':[{'delta':{},'finish_reason':'" + wire + "'}]}");
    assertTrue(answer.whole());
    read("{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':4,'details':{'a':[1]}}}");
    assertEquals(new Finished(reason, new Usage(3, 4)), answer.finished());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{",
        "{'choices':[{",
        "[1]",
        "nonsense",
        "{'choices':[{'delta':{'content':'a"
      })
  void nonsenseIsMalformed(String data) {
    var failure = assertThrows(ModelFailure.class, () -> read(data));
    assertEquals(ModelFailure.Kind.MALFORMED, failure.kind());
  }

  private void read(String json) {
    var bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    answer.read(bytes, 0, bytes.length, events::add);
  }

  private static void assertJson(String expected, byte[] actual) throws Exception {
    assertEquals(Json.MAPPER.readTree(expected), Json.MAPPER.readTree(actual));
  }
}
