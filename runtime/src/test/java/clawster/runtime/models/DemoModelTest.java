package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelEvent.Finished;
import clawster.runtime.models.ModelEvent.ToolCallFragment;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DemoModelTest {

  private static final ActorSystem SYSTEM = ActorSystem.create("demo");
  private static final ToolSpec CLOCK =
      new ToolSpec("get_time", "", "{\"type\":\"object\",\"properties\":{}}");
  private static final ToolSpec SEARCH =
      new ToolSpec(
          "search",
          "",
          "{\"properties\":{\"query\":{\"type\":\"string\"},\"limit\":{\"type\":\"integer\"}},\"required\":[\"query\",\"limit\"]}");
  private static final ModelMessage HELLO = ModelMessage.text(Role.USER, "How are you?\nReally?");

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @Test
  void itSaysWhatItIsAndWhatItWasAsked() throws Exception {
    var events = events(List.of(HELLO), List.of());
    var text = text(events);
    assertTrue(text.contains("demo model"), text);
    assertTrue(text.contains("not a real language model"), text);
    assertTrue(text.contains("> How are you?\n> Really?"), text);
    assertTrue(events.size() > 20);
    assertEquals(
        new Finished(FinishReason.STOP, new Usage(4, events.size() - 1)), events.getLast());
  }

  @Test
  void itGoesOnExactlyWhereItWasCut() throws Exception {
    var whole = text(events(List.of(HELLO), List.of()));
    for (var cut = 0; cut <= whole.length(); cut++) {
      var begun = ModelMessage.text(Role.ASSISTANT, whole.substring(0, cut));
      assertEquals(whole.substring(cut), text(events(List.of(HELLO, begun), List.of())));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "what time is it?                       | get_time | {}",
        "What's the time                        | get_time | {}",
        "please call search {\"query\":\"x\"}   | search   | {\"query\":\"x\"}",
        "call `search` {oops}                   | search   | {\"query\":\"call `search`"
            + " {oops}\",\"limit\":1}",
        "use search for owls                    | search   | {\"query\":\"use search for"
            + " owls\",\"limit\":1}"
      })
  void itCallsAToolWhenToldTo(String asked, String tool, String arguments) throws Exception {
    var events = events(List.of(ModelMessage.text(Role.USER, asked)), List.of(CLOCK, SEARCH));
    assertEquals(new ToolCallFragment(0, "call_demo_1", tool, ""), events.getFirst());
    assertEquals(
        Json.MAPPER.readTree(arguments),
        Json.MAPPER.readTree(((ToolCallFragment) events.get(1)).arguments()));
    assertEquals(FinishReason.TOOL_CALLS, ((Finished) events.getLast()).reason());
  }

  @ParameterizedTest
  @CsvSource({"what time is it?", "call other {}", "use the searchlight"})
  void itCallsNoToolThatIsNotThere(String asked) throws Exception {
    var events = events(List.of(ModelMessage.text(Role.USER, asked)), List.of(SEARCH));
    assertTrue(text(events).contains(asked));
  }

  @Test
  void itReportsWhatToolsSaid() throws Exception {
    var messages = new ArrayList<ModelMessage>();
    messages.add(ModelMessage.text(Role.USER, "what time is it"));
    messages.add(
        new ModelMessage(
            Role.ASSISTANT,
            List.of(),
            List.of(new ToolCall("a", "get_time", "{}"), new ToolCall("b", "search", "{}")),
            "",
            ""));
    messages.add(
        new ModelMessage(
            Role.TOOL, List.of(new ModelMessage.Part.Text("12:00")), List.of(), "a", ""));
    messages.add(
        new ModelMessage(
            Role.TOOL, List.of(new ModelMessage.Part.Text("owls")), List.of(), "b", ""));
    var text = text(events(messages, List.of(CLOCK)));
    assertTrue(
        text.startsWith(
            "The tool **get_time** answered:\n\n"
                + "> 12:00\n\n"
                + "The tool **search** answered:\n\n"
                + "> owls"),
        text);
    messages.add(ModelMessage.text(Role.ASSISTANT, text.substring(0, 30)));
    assertEquals(text.substring(30), text(events(messages, List.of(CLOCK))));
  }

  @Test
  void itStopsAtTheMaximum() throws Exception {
    var events =
        run(
            new DemoModel(Duration.ZERO),
            new ModelRequest("demo", List.of(HELLO), List.of(), Map.of("max_tokens", 3)));
    assertEquals(new Finished(FinishReason.LENGTH, new Usage(4, 3)), events.getLast());
    assertEquals(4, events.size());
  }

  @Test
  void itTakesItsTime() throws Exception {
    var request = new ModelRequest("demo", List.of(HELLO), List.of(), Map.of("max_tokens", 10));
    var start = System.nanoTime();
    run(new DemoModel(Duration.ofMillis(20)), request);
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(150));
  }

  private static List<ModelEvent> events(List<ModelMessage> messages, List<ToolSpec> tools)
      throws Exception {
    return run(new DemoModel(Duration.ZERO), new ModelRequest("demo", messages, tools, Map.of()));
  }

  private static List<ModelEvent> run(ModelClient model, ModelRequest request) throws Exception {
    return model.stream(request)
        .runWith(Sink.seq(), SYSTEM)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static String text(List<ModelEvent> events) {
    return events.stream()
        .map(event -> event instanceof ModelEvent.Text(var text) ? text : "")
        .collect(Collectors.joining());
  }
}
