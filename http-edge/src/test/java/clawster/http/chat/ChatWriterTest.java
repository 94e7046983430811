package clawster.http.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.runtime.kernel.Problem;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs as OpenAI clients read them. */
final class ChatWriterTest {

  private static final RunId RUN = RunId.of("01900000-0000-7000-8000-000000000001");
  private static final RunWord DONE = new RunWord.Completed("m1", "stop", new Usage(3, 4));
  private static final RunWord CALL = new RunWord.ToolCalled("c1", "clock", "{\"z\":1}", true);
  private static final RunWord OTHER_CALL = new RunWord.ToolCalled("c2", "clock", "", true);
  private static final RunWord OWN_CALL = new RunWord.ToolCalled("c0", "datetime", "{}", false);

  private static ChatWriter writer(boolean includeUsage) {
    return new ChatWriter(RUN, "goclaw:\"default\"", 1_700_000_000, includeUsage, Language.EN);
  }

  private static RunEntry entry(int step, RunWord word) {
    return new RunEntry(1, 1, step, word);
  }

  /** The events of a whole stream, each without its frame. */
  private static List<String> streamed(boolean includeUsage, List<RunEntry> entries) {
    var writer = writer(includeUsage);
    var bytes = writer.opening();
    for (var entry : entries) {
      bytes = bytes.concat(writer.chunk(entry));
      if (ChatWriter.ends(entry)) {
        break;
      }
    }
    var text = bytes.utf8String();
    assertTrue(text.endsWith("\n\n"), text);
    return List.of(text.split("\n\n"));
  }

  private static List<String> streamed(RunWord... words) {
    return streamed(false, List.of(words).stream().map(word -> entry(0, word)).toList());
  }

  private static JsonNode json(String event) {
    try {
      assertTrue(event.startsWith("data: "), event);
      return JsonBody.MAPPER.readTree(event.substring("data: ".length()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(event, e);
    }
  }

  private static String text(List<String> events) {
    var text = new StringBuilder();
    events.stream()
        .filter(event -> event.startsWith("data: {"))
        .forEach(event -> text.append(json(event).at("/choices/0/delta/content").asText("")));
    return text.toString();
  }

  private static ChatWriter.Whole whole(List<RunEntry> entries) {
    var writer = writer(false);
    var ends = new ArrayList<ChatWriter.Whole>();
    entries.forEach(entry -> writer.collect(entry).ifPresent(ends::add));
    assertEquals(1, ends.size());
    return ends.getFirst();
  }

  private static JsonNode completion(List<RunEntry> entries) {
    return switch (whole(entries)) {
      case ChatWriter.Whole.Answer(var body) -> json("data: " + body.utf8String());
      case ChatWriter.Whole.Problematic(var problem) -> throw new AssertionError(problem.code());
    };
  }

  private static Problem problem(RunWord... words) {
    var entries = List.of(words).stream().map(word -> entry(0, word)).toList();
    return switch (whole(entries)) {
      case ChatWriter.Whole.Answer(var body) -> throw new AssertionError(body.utf8String());
      case ChatWriter.Whole.Problematic(var problem) -> problem;
    };
  }

  @Test
  void aStreamBeginsWithTheRoleAndEndsWithDone() {
    var events =
        streamed(new RunWord.Accepted("s"), new RunWord.Text("Hel"), new RunWord.Text("lo"), DONE);
    assertEquals(5, events.size());
    assertEquals(
        """
        data: {"id":"chatcmpl-01900000-0000-7000-8000-000000000001","object":"chat.completion.chunk",\
        "created":1700000000,"model":"goclaw:\\"default\\"","choices":[{"index":0,\
        "delta":{"role":"assistant","content":""},"finish_reason":null}]}\
        """,
        events.getFirst());
    assertEquals("Hello", text(events));
    assertEquals("stop", json(events.get(3)).at("/choices/0/finish_reason").asText());
    assertTrue(json(events.get(3)).at("/choices/0/delta").isEmpty());
    assertEquals("data: [DONE]", events.getLast());
  }

  @Test
  void usageComesLastAndOnlyWhenAskedFor() {
    var entries = List.of(entry(0, new RunWord.Text("hi")), entry(0, DONE));
    var asked = streamed(true, entries);
    var chunk = json(asked.get(asked.size() - 2));
    assertTrue(chunk.at("/choices").isArray() && chunk.at("/choices").isEmpty());
    assertEquals(
        "{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}",
        chunk.at("/usage").toString());
    assertFalse(String.join("", streamed(false, entries)).contains("usage"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"", "\\", "\n\n", "\r\ndata: x", "\u0001\u2028", "é 漢 😀", "</script>", ""})
  void anyTextComesThroughAsItIs(String text) {
    var events = streamed(new RunWord.Text(text), DONE);
    assertEquals(text, text(events));
    assertEquals(4, events.size());
    assertEquals(
        text,
        completion(List.of(entry(0, new RunWord.Text(text)), entry(0, DONE)))
            .at("/choices/0/message/content")
            .asText());
  }

  @Test
  void callsOfTheClientAreNumberedAndThoseRunHereAreNotShown() {
    var done = new RunWord.Completed("m1", "tool_calls", Usage.NONE);
    var settled = new RunWord.ToolSettled("c0", "noon", "ok");
    var events = streamed(OWN_CALL, settled, CALL, OTHER_CALL, done);
    assertEquals(5, events.size());
    assertEquals(
        """
        [{"id":"c1","type":"function","function":{"name":"clock","arguments":"{\\"z\\":1}"},"index":0}]\
        """,
        json(events.get(1)).at("/choices/0/delta/tool_calls").toString());
    assertEquals(1, json(events.get(2)).at("/choices/0/delta/tool_calls/0/index").asInt());
    assertEquals("tool_calls", json(events.get(3)).at("/choices/0/finish_reason").asText());
  }

  @Test
  void reasoningHasAFieldOfItsOwn() {
    var events = streamed(new RunWord.Reasoning("hm"), new RunWord.Text("noon"), DONE);
    assertEquals("hm", json(events.get(1)).at("/choices/0/delta/reasoning_content").asText());
    assertEquals("noon", text(events));
  }

  @Test
  void textOfALaterModelCallIsAParagraphOfItsOwn() {
    var entries =
        List.of(
            entry(0, new RunWord.Text("Let me ")),
            entry(0, new RunWord.Text("see.")),
            entry(0, OWN_CALL),
            entry(1, new RunWord.Text("It is ")),
            entry(1, new RunWord.Text("noon.")),
            entry(1, DONE));
    assertEquals("Let me see.\n\nIt is noon.", text(streamed(false, entries)));
    assertEquals(
        "Let me see.\n\nIt is noon.",
        completion(entries).at("/choices/0/message/content").asText());
  }

  @Test
  void aFirstTextOfALaterModelCallHasNothingBeforeIt() {
    var entries =
        List.of(entry(0, OWN_CALL), entry(1, new RunWord.Text("It is noon.")), entry(1, DONE));
    assertEquals("It is noon.", text(streamed(false, entries)));
  }

  @Test
  void aRecoveredAnswerGoesOnAsIfNothingHadBeen() {
    var events =
        streamed(
            new RunWord.Text("one "),
            new RunWord.Claimed(),
            new RunWord.Recovered("cut"),
            new RunWord.Text("two"),
            DONE);
    assertEquals("one two", text(events));
    assertTrue(events.contains(": recovered"));
  }

  @ParameterizedTest
  @CsvSource({
    "upstream.overloaded, rate_limit_error, BUSY",
    "upstream.refused, invalid_request_error, INVALID",
    "upstream.timeout, upstream_error, UPSTREAM",
    "upstream.interrupted, upstream_error, UPSTREAM",
    "model.unknown, invalid_request_error, NOT_FOUND",
    "run.too_many_steps, server_error, INTERNAL",
    "run.no_agent, invalid_request_error, NOT_FOUND",
    "run.no_model, server_error, INTERNAL",
    "run.fault, server_error, INTERNAL",
  })
  void aFailureIsAnErrorInsideTheStreamOrAsAWhole(String code, String type, Problem.Kind kind) {
    var failed = new RunWord.Failed(code, "for a reason");
    var events = streamed(new RunWord.Text("half"), failed);
    var error = json(events.get(2)).at("/error");
    assertEquals(code, error.at("/code").asText());
    assertEquals(type, error.at("/type").asText());
    assertEquals(
        code.startsWith("upstream."),
        error.at("/message").asText().contains("for a reason"),
        "providers are quoted, and nobody else: " + error);
    assertEquals("data: [DONE]", events.getLast());
    assertEquals(kind, problem(new RunWord.Text("half"), failed).kind());
  }

  @Test
  void anAbortedRunSaysSo() {
    var events = streamed(new RunWord.Text("half"), new RunWord.Aborted());
    assertEquals("run.aborted", json(events.get(2)).at("/error/code").asText());
    assertEquals("run.aborted", problem(new RunWord.Aborted()).code());
  }

  @Test
  void whatWasMadeAnewIsNeverPassedOffAsTheAnswer() {
    var interrupted = new RunWord.Interrupted();
    var events = streamed(new RunWord.Text("half"), interrupted, DONE);
    assertEquals("run.interrupted", json(events.get(2)).at("/error/code").asText());
    assertEquals("data: [DONE]", events.get(3));
    assertEquals(4, events.size());
    assertEquals("run.interrupted", problem(new RunWord.Text("half"), interrupted).code());
  }

  @Test
  void aWholeCompletionHasEverything() {
    var completion =
        completion(
            List.of(
                entry(0, new RunWord.Accepted("s")),
                entry(0, new RunWord.Reasoning("hm")),
                entry(0, new RunWord.Text("Hel")),
                entry(0, new RunWord.Text("lo")),
                entry(0, DONE)));
    assertEquals(
        """
        {"id":"chatcmpl-01900000-0000-7000-8000-000000000001","object":"chat.completion",\
        "created":1700000000,"model":"goclaw:\\"default\\"","choices":[{"index":0,"message":\
        {"role":"assistant","content":"Hello","reasoning_content":"hm","refusal":null},\
        "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,\
        "completion_tokens":4,"total_tokens":7}}\
        """,
        completion.toString());
  }

  @Test
  void aWholeCompletionWithCallsOnlyHasNoContent() {
    var done = new RunWord.Completed("m1", "tool_calls", Usage.NONE);
    var completion = completion(List.of(entry(0, CALL), entry(0, OWN_CALL), entry(0, done)));
    var message = completion.at("/choices/0/message");
    assertTrue(message.at("/content").isNull());
    assertEquals(1, message.at("/tool_calls").size());
    assertEquals("clock", message.at("/tool_calls/0/function/name").asText());
    assertFalse(message.at("/tool_calls/0").has("index"));
  }

  @Test
  void nothingIsWholeBeforeItsEnd() {
    var writer = writer(false);
    assertEquals(Optional.empty(), writer.collect(entry(0, new RunWord.Text("half"))));
    assertEquals(Optional.empty(), writer.collect(entry(0, new RunWord.Recovered("cut"))));
  }
}
