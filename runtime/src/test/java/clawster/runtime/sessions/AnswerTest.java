package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.FinishReason;
import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AnswerTest {

  private final Answer answer = new Answer("", "");

  @Test
  void piecesOfAKindAreMergedAndKeepTheirOrder() {
    assertEquals(
        List.of(
            new RunWord.Reasoning("hm, so"),
            new RunWord.Text("Hello there"),
            new RunWord.Reasoning("more"),
            new RunWord.Text("!")),
        take(
            thought("hm, "),
            thought("so"),
            text("Hello "),
            text("there"),
            thought("more"),
            text("!")));
    assertEquals("Hello there!", answer.text());
    assertEquals("hm, somore", answer.reasoning());
  }

  @Test
  void howTheEventsWereBatchedMakesNoDifferenceToWhatIsShown() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var answer = new Answer("", "");
      var shown = new StringBuilder();
      var said = new StringBuilder();
      for (int batch = 0; batch < 5; batch++) {
        var events = new ArrayList<ModelEvent>();
        for (int i = random.nextInt(6); i >= 0; i--) {
          var piece = "" + (char) random.nextInt('a', 'z');
          boolean text = random.nextBoolean();
          said.append(text ? "T" : "R").append(piece);
          events.add(text ? text(piece) : thought(piece));
        }
        answer.take(events).forEach(word -> shown.append(spelled(word)));
      }
      assertEquals(said.toString(), shown.toString(), "seed " + seed);
    }
  }

  private static String spelled(RunWord word) {
    return switch (word) {
      case RunWord.Text(var text) -> text.replaceAll("(.)", "T$1");
      case RunWord.Reasoning(var text) -> text.replaceAll("(.)", "R$1");
      default -> throw new AssertionError(word);
    };
  }

  @Test
  void aCharacterCutInTwoIsShownWhole() {
    assertEquals(List.of(new RunWord.Text("a")), take(text("a\ud83d")));
    assertEquals(List.of(new RunWord.Reasoning("b")), take(thought("b\ud83d")));
    assertEquals(List.of(new RunWord.Text("\ud83d\ude00!")), take(text("\ude00!")));
    assertEquals(List.of(new RunWord.Reasoning("\ud83d\ude00")), take(thought("\ude00")));
    assertEquals("a\ud83d\ude00!", answer.text());
    assertEquals("b\ud83d\ude00", answer.reasoning());
  }

  @Test
  void halfACharacterIsReplaced() {
    assertEquals(List.of(new RunWord.Text("a\ufffdb")), take(text("a\ude00b\ud83d")));
    take(fragment(0, "a", "datetime", "{\"x\":\"\ud83d\"}"));
    assertEquals(List.of(new RunWord.Text("\ufffd")), take(finished(FinishReason.STOP)));
    assertEquals("a\ufffdb\ufffd", answer.text());
    assertEquals(
        List.of(new ToolCall("a", "datetime", "{\"x\":\"\ufffd\"}")), answer.toolCalls("m"));
  }

  @Test
  void halfACharacterAtACutIsForgotten() {
    take(text("a\ud83d"));
    answer.dropHalves();
    assertEquals(List.of(new RunWord.Text("b")), take(text("b")));
    assertEquals("ab", answer.text());
  }

  @Test
  void reasoningThatIsRepeatedIsNotShownAgain() {
    take(thought("let me see"));
    answer.rethink();
    assertEquals(List.of(), take(thought("let me "), thought("see")));
    assertEquals(List.of(new RunWord.Reasoning(", so")), take(thought(", so")));
    assertEquals("let me see, so", answer.reasoning());
  }

  @Test
  void otherReasoningIsShownFromItsBeginning() {
    take(thought("let me see"));
    answer.rethink();
    assertEquals(List.of(), take(thought("let ")));
    assertEquals(List.of(new RunWord.Reasoning("\n\nlet us")), take(thought("us")));
    assertEquals(List.of(new RunWord.Reasoning(" look")), take(thought(" look")));
    assertEquals("let me see\n\nlet us look", answer.reasoning());
  }

  @Test
  void callsArePutTogetherFromTheirFragments() {
    take(fragment(1, "b", "write_file", "{\"pa"), fragment(0, "a", "datetime", ""));
    assertEquals(List.of(), take(fragment(0, "", "", "{}"), fragment(1, "", "", "th\":1}")));
    take(finished(FinishReason.TOOL_CALLS));
    assertEquals(
        List.of(
            new ToolCall("a", "datetime", "{}"), new ToolCall("b", "write_file", "{\"path\":1}")),
        answer.toolCalls("m"));
    assertEquals("tool_calls", answer.finishReason());
  }

  @Test
  void aCallWithoutAnIdOrWithAnothersGetsOne() {
    take(fragment(0, "a", "x", ""), fragment(1, "a", "x", ""), fragment(2, "", "x", ""));
    assertEquals(
        List.of("a", "call_12_1", "call_12_2"),
        answer.toolCalls("1-2").stream().map(ToolCall::id).toList());
  }

  @Test
  void theFinishReasonFollowsTheCallsThereAre() {
    take(finished(FinishReason.TOOL_CALLS));
    assertEquals("stop", answer.finishReason());
    take(fragment(0, "a", "x", ""), finished(FinishReason.STOP));
    assertEquals("tool_calls", answer.finishReason());
    answer.dropHalves();
    take(finished(FinishReason.LENGTH));
    assertEquals("length", answer.finishReason());
  }

  @Test
  void usageIsWhatTheEndSays() {
    assertFalse(answer.isFinished());
    take(text("a"), finished(FinishReason.STOP));
    assertTrue(answer.isFinished());
    assertEquals(new Usage(7, 5), answer.usage());
  }

  @Test
  void anAnswerGoesOnFromWhatWasSaid() {
    var later = new Answer("Hel", "hm");
    assertEquals(List.of(new RunWord.Text("lo")), later.take(List.of(text("lo"))));
    assertEquals("Hello", later.text());
    assertEquals("hm", later.reasoning());
  }

  @Test
  void whatIsRegeneratedAlikeIsShownOnlyWhereItIsNew() {
    take(text("{\"a\":"));
    answer.regenerate();
    assertEquals(List.of(), take(text("{\"a"), text("\"")));
    assertEquals(List.of(new RunWord.Text("1}")), take(text(":1}"), finished(FinishReason.STOP)));
    assertEquals("{\"a\":1}", answer.text());
  }

  @Test
  void whatIsRegeneratedDifferentlyIsNotShown() {
    take(text("{\"a\":"));
    answer.regenerate();
    assertEquals(
        List.of(new RunWord.Interrupted()),
        take(text("{\"b\""), text(":2}"), finished(FinishReason.STOP)));
    assertEquals("{\"b\":2}", answer.text());
    assertEquals("{\"a\":", answer.shown());
  }

  @Test
  void onceDifferentStaysDifferent() {
    take(text("{\"a\":"));
    answer.regenerate();
    take(text("{\"b"));
    answer.regenerate();
    assertEquals(List.of(), take(text("{\"a\":1}"), finished(FinishReason.STOP)));
    assertEquals("{\"a\":1}", answer.text());
  }

  @Test
  void aSecondRegenerationIsComparedWithAllThatWasShown() {
    take(text("abcdef"));
    answer.regenerate();
    take(text("abc"));
    answer.regenerate();
    assertEquals(List.of(new RunWord.Text("g")), take(text("abcdefg")));
  }

  @Test
  void aRegeneratedAnswerThatEndsTooSoonIsDifferent() {
    take(text("abcdef"));
    answer.regenerate();
    assertEquals(
        List.of(new RunWord.Interrupted()), take(text("abc"), finished(FinishReason.STOP)));
    assertEquals("abc", answer.text());
  }

  @Test
  void whatWasShownIsNotForgottenWhileItIsRegenerated() {
    take(text("abcdef"));
    answer.regenerate();
    take(text("abc"));
    assertEquals("abcdef", answer.shown());
    take(text("defg"));
    assertEquals("abcdefg", answer.shown());
  }

  @Test
  void whiteSpaceThatIsThereAlreadyIsNotSaidAgain() {
    assertEquals("Hello there", goneOn("Hello ", " there"));
    assertEquals("Hello there", goneOn("Hello ", "there"));
    assertEquals("a.\n\nb", goneOn("a.\n\n", "\n", "\nb"));
    assertEquals("a.\n\nb", goneOn("a.\n", "\n\nb"));
    assertEquals("a.\n\nb", goneOn("a.\n\n", "\nb"));
    assertEquals("a \nb", goneOn("a ", "\nb"));
    assertEquals("a b c", goneOn("a ", " b", " c"));
  }

  private static String goneOn(String said, String... pieces) {
    var answer = new Answer(said, "");
    answer.skip(said.substring(said.stripTrailing().length()));
    var shown = new StringBuilder(said);
    for (var piece : pieces) {
      answer.take(List.of(text(piece))).forEach(word -> shown.append(((RunWord.Text) word).text()));
    }
    assertEquals(answer.text(), shown.toString());
    return shown.toString();
  }

  private List<RunWord> take(ModelEvent... events) {
    return answer.take(Arrays.asList(events));
  }

  private static ModelEvent text(String text) {
    return new ModelEvent.Text(text);
  }

  private static ModelEvent thought(String text) {
    return new ModelEvent.Reasoning(text);
  }

  private static ModelEvent fragment(int index, String id, String name, String arguments) {
    return new ModelEvent.ToolCallFragment(index, id, name, arguments);
  }

  private static ModelEvent finished(FinishReason reason) {
    return new ModelEvent.Finished(reason, new Usage(7, 5));
  }
}
