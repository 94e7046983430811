package clawster.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.bench.upstream.Message.Role;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello                        | t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11 t12 t13 t14 t15",
        "[[fake tokens=3]]            | t0 t1 t2",
        "[[fake tokens=2]] [[fake tokens=1]] | t0",
        "[[fake tokens=x]]            | t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11 t12 t13 t14 t15",
        "[[fake tokens=2 size=6]]     | t0... t1...",
        "[[fake text=a%20b+c]]        | a b c",
        "[[fake tokens=0]]            | t0",
      })
  void theMarkerSaysWhatIsAnswered(String prompt, String answer) {
    assertEquals(answer, text(script(user(prompt))));
  }

  @Test
  void theMarkerSaysThePaceAndTheMishap() {
    var script =
        script(
            user(
                "[[fake ttft=50 delay=5 err=429 retry=7 errfirst=2 key=k cut=4 bad=3 nodone=1"
                    + " nousage=1 hang=1]]"));
    assertEquals(Duration.ofMillis(50), script.firstAfter());
    assertEquals(Duration.ofMillis(5), script.apart());
    assertEquals(429, script.error());
    assertEquals("7", script.retryAfter());
    assertEquals(2, script.failures());
    assertEquals("k", script.failureKey());
    assertEquals(4, script.cutAt());
    assertEquals(3, script.badAt());
    assertFalse(script.endsProperly());
    assertFalse(script.tellsUsage());
    assertTrue(script.hangs());
  }

  @Test
  void onlyUserMessagesAfterTheLastAnswerAreHeard() {
    assertEquals(
        16, script(user("[[fake tokens=3]]"), assistant("done"), user("hi")).answer().tokens());
    assertEquals(3, script(user("[[fake tokens=3]]"), user("some context")).answer().tokens());
  }

  @Test
  void anUnfinishedAnswerAtTheEndIsGoneOnWith() {
    assertEquals(" t2 t3", text(script(user("[[fake tokens=4]]"), assistant("t0 t1"))));
    assertEquals("t2 t3", text(script(user("[[fake tokens=4]]"), assistant("t0 t1 "))));
  }

  @Test
  void anUnfinishedAnswerIsGoneOnWithWhenAsked() {
    assertEquals(
        "t2 t3", text(script(user("[[fake tokens=4]]"), assistant("t0 t1 "), user("go on"))));
  }

  @Test
  void aFinishedAnswerIsNotGoneOnWith() {
    assertEquals(
        16, script(user("[[fake tokens=2]]"), assistant("t0 t1"), user("next")).answer().tokens());
  }

  @ParameterizedTest
  @ValueSource(strings = {"go on", "It was cut off. Continue it from where it stops."})
  void aWholeAnswerThatIsToGoOnHasNothingToAdd(String request) {
    var whole = List.of(user("[[fake tokens=2]]"), assistant("t0 t1"));
    assertEquals("", text(script(whole.get(0), whole.get(1), user(request))));
    assertEquals("", text(script(whole.get(0), whole.get(1))));
  }

  @Test
  void everyLineThatAsksForAToolIsACall() {
    var script = script(user("CALL_TOOL time {\"zone\": \"a}b\\\"\", \"n\": {}}\nCALL_TOOL dice"));
    var calls = assertInstanceOf(Answer.Calls.class, script.answer()).calls();
    assertEquals(List.of("time", "dice"), calls.stream().map(Answer.Call::tool).toList());
    assertEquals(
        List.of("{\"zone\": \"a}b\\\"\", \"n\": {}}", "{}"),
        calls.stream().map(Answer.Call::arguments).toList());
  }

  @Test
  void aToolsResultEndsTheLoop() {
    assertEquals(
        "TOOL_RESULT \"noon\"",
        text(script(user("CALL_TOOL time {}"), assistant(""), new Message(Role.TOOL, "noon"))));
    assertEquals(
        "TOOL_RESULT [\"a\",\"b\"]",
        text(
            script(
                user("CALL_TOOL x\nCALL_TOOL y"),
                assistant(""),
                new Message(Role.TOOL, "a"),
                new Message(Role.TOOL, "b"))));
  }

  @Test
  void aLoopToolIsCalledAgainAfterItsResult() {
    var script = script(user("LOOP_TOOL time {}"), assistant(""), new Message(Role.TOOL, "noon"));
    assertInstanceOf(Answer.Calls.class, script.answer());
  }

  @Test
  void theHistoryLineCountsMessagesAndListsMarks() {
    var script =
        script(
            new Message(Role.SYSTEM, "be brief"),
            user("MARK:one"),
            assistant("ok"),
            user("MARK:two ECHO_HISTORY"));
    assertTrue(
        text(script).matches("HIST n=4 user=2 asst=1 tool=0 sys=1 hash=[0-9a-f]{8} marks=one,two"),
        text(script));
  }

  @Test
  void countedTokensAreTheSameInPiecesAndAsText() {
    var counted = new Answer.Counted(0, 1_001, 0, "");
    assertTrue(
        counted
            .text()
            .endsWith(
                " t99 t100 t101 " + counted.text().substring(counted.text().indexOf("t102"))));
    assertEquals(1_001, counted.text().split(" ").length);
    assertTrue(counted.text().endsWith("t999 t1000"));
  }

  private static Script script(Message... messages) {
    return Script.of(new Conversation(Stream.of(messages).toList()));
  }

  private static String text(Script script) {
    return switch (script.answer()) {
      case Answer.Counted counted -> counted.text();
      case Answer.Words words -> String.join("", words.words());
      case Answer.Calls calls -> throw new AssertionError(calls);
    };
  }

  private static Message user(String text) {
    return new Message(Role.USER, text);
  }

  private static Message assistant(String text) {
    return new Message(Role.ASSISTANT, text);
  }
}
