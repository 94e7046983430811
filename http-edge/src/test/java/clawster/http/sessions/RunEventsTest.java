package clawster.http.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every word of a run log as an event. */
final class RunEventsTest {

  private static final String RUN = "01900000-0000-7000-8000-000000000001";

  static Stream<Arguments> words() {
    return Stream.of(
        word(new RunWord.Accepted("s1"), "run.accepted", "'session':'s1',"),
        word(new RunWord.Claimed(), "run.claimed", ""),
        word(new RunWord.Text("a\nb\n\ndata: é"), "text", "'text':'a\\nb\\n\\ndata: é',"),
        word(new RunWord.Reasoning("hm"), "reasoning", "'text':'hm',"),
        word(
            new RunWord.ToolCalled("c1", "clock", "{", true),
            "tool.call",
            "'id':'c1','name':'clock','arguments':'{','client':true,"),
        word(
            new RunWord.ToolSettled("c1", "noon", "ok"),
            "tool.result",
            "'id':'c1','content':'noon','outcome':'ok',"),
        word(new RunWord.Recovered("cut"), "run.recovered", "'reason':'cut',"),
        word(new RunWord.Interrupted(), "run.interrupted", ""),
        word(
            new RunWord.Completed("m1", "stop", new Usage(3, 4)),
            "run.done",
            "'messageId':'m1','finishReason':'stop','usage':"
                + "{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7},"),
        word(
            new RunWord.Failed("upstream.timeout", "too slow"),
            "run.failed",
            "'code':'upstream.timeout','message':'too slow',"),
        word(new RunWord.Aborted(), "run.aborted", ""),
        word(new RunWord.Steered(RunId.of(RUN)), "run.steered", "'by':'" + RUN + "',"),
        word(new RunWord.Absorbed(RunId.of(RUN)), "run.absorbed", "'into':'" + RUN + "',"));
  }

  private static Arguments word(RunWord word, String name, String data) {
    return Arguments.of(word, name, data.replace('\'', '"'));
  }

  @ParameterizedTest
  @MethodSource("words")
  void aWordIsOneEventWithNameIdAndData(RunWord word, String name, String data) {
    assertEquals(
        "event: %s\nid: %s-7\ndata: {%s\"run\":\"%s\"}\n\n".formatted(name, RUN, data, RUN),
        RunEvents.event(RunId.of(RUN), new RunEntry(7, 1, 0, word)).utf8String());
  }

  @Test
  void noWordIsLeftOut() {
    var told = new HashSet<Class<?>>();
    words().forEach(row -> told.add(row.get()[0].getClass()));
    assertEquals(all(RunWord.class), told);
  }

  private static Set<Class<?>> all(Class<?> type) {
    var found = new HashSet<Class<?>>();
    for (var each : type.getPermittedSubclasses()) {
      if (each.isSealed()) {
        found.addAll(all(each));
      } else {
        found.addAll(Arrays.asList(each));
      }
    }
    return found;
  }
}
