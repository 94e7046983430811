package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire. */
final class LinesTest {

  private static final Request INSTALL = new Request("install", "hello", false);

  @Test
  void aRequestIsWrittenAsTheFirstProtocolHasIt() {
    assertEquals("{\"action\":\"install\",\"package\":\"hello\"}", RequestLine.write(INSTALL));
    assertEquals("{\"action\":\"list\"}", RequestLine.write(Request.of(Action.LIST)));
    assertEquals(
        "{\"action\":\"install\",\"package\":\"hello\",\"progress\":true}",
        RequestLine.write(INSTALL.withProgress()));
  }

  @Test
  void aRequestIsReadAsItWasWritten() {
    for (var request : List.of(INSTALL, INSTALL.withProgress(), Request.of(Action.LIST))) {
      assertEquals(Optional.of(request), RequestLine.read(RequestLine.write(request)));
    }
    assertEquals(Optional.of(new Request("", "", false)), RequestLine.read(" { } "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"install\"",
        "{",
        "{\"action\":\"install\"",
        "{\"action\":\"install\"} {}",
        "{\"action\":\"install\"},",
        "{\"action\":\"install\",}",
        "{'action':'install'}",
        "{action:\"install\"}",
        "{\"action\":null}",
        "{\"action\":1}",
        "{\"action\":[\"install\"]}",
        "{\"action\":{\"action\":\"install\"}}",
        "{\"package\":null}",
        "{\"package\":[\"jq\",\"-y\"]}",
        "{\"progress\":\"true\"}",
        "{\"progress\":1}",
        "{\"action\":\"install\",\"args\":[]}",
        "{\"Action\":\"install\"}",
        "{\"action\":\"install\",\"action\":\"shell\"}",
        "{\"package\":\"jq\",\"p\\u0061ckage\":\"-y\"}",
        "{\"action\":\"a\nb\"}",
        "/* */{\"action\":\"install\"}",
        "{\"action\":\"\\ud800\\x\"}"
      })
  void whatIsNotExactlyARequestIsNone(String line) {
    assertEquals(Optional.empty(), RequestLine.read(line));
  }

  @Test
  void depthIsNoWayIn() {
    assertEquals(Optional.empty(), RequestLine.read("{\"action\":" + "[".repeat(60_000)));
  }

  static List<Reply> replies() {
    return List.of(
        new Reply.Progress("Unpacking \u2026"),
        new Reply.Failed(FailureCode.NOT_FOUND, "no \"such\" package"),
        new Reply.Done(List.of()),
        new Reply.Done(
            List.of(
                new PackageState("hello", Optional.of("2.10-3"), Optional.of("2.11-1")),
                new PackageState("jq", Optional.empty(), Optional.empty()))));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyIsReadAsItWasWritten(Reply reply) {
    var line = ReplyLine.write(reply);
    assertEquals(Optional.of(reply), ReplyLine.read(line));
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 127), line);
  }

  @Test
  void repliesHaveTheFieldsOfTheProtocol() {
    assertEquals(
        "{\"ok\":false,\"error\":\"no\",\"code\":\"disk_full\"}",
        ReplyLine.write(new Reply.Failed(FailureCode.DISK_FULL, "no")));
    assertTrue(ReplyLine.write(new Reply.Done(List.of())).startsWith("{\"ok\":true"));
  }

  @Test
  void whatANewerHelperAddsIsPassedOver() {
    assertEquals(
        Optional.of(new Reply.Done(List.of())),
        ReplyLine.read("{\"new\":{\"a\":[1]},\"ok\":true,\"data\":{\"x\":1,\"packages\":[]}}"));
    assertEquals(
        Optional.of(new Reply.Failed(FailureCode.SYSTEM_ERROR, "e")),
        ReplyLine.read("{\"ok\":false,\"error\":\"e\",\"code\":\"of_next_year\"}"));
    assertEquals(
        Optional.of(new Reply.Done(List.of())),
        ReplyLine.read("{\"ok\":true}"),
        "as the first had");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"ok\":1}",
        "{\"progress\":1}",
        "{\"progress\":\"x\",\"ok\":true}",
        "{\"ok\":true,\"data\":[]}",
        "{\"ok\":true,\"data\":{\"packages\":[{}]}}",
        "{\"ok\":true,\"data\":{\"packages\":[1]}}",
        "{\"ok\":true,\"data\":{\"packages\":["
      })
  void whatIsNoReplyIsNone(String line) {
    assertEquals(Optional.empty(), ReplyLine.read(line));
  }

  @Test
  void whatProgramsSayBecomesOneShortLine() {
    var reply = new Reply.Failed(FailureCode.SYSTEM_ERROR, "a\n\u001b[1mb\u202e\t  c ");
    assertEquals("a [1mb c", reply.error());
    var longer = new Reply.Failed(FailureCode.SYSTEM_ERROR, "x".repeat(9000) + " the end");
    assertEquals(500, longer.error().length());
    assertTrue(longer.error().endsWith("the end"));
    var pair = new Reply.Progress("\ud83d\ude00".repeat(400)).line();
    assertFalse(Character.isLowSurrogate(pair.charAt(1)), "no half of a character");
  }

  @Test
  void everyCodeHasItsWord() {
    for (var code : FailureCode.values()) {
      assertEquals(Optional.of(code), FailureCode.ofWire(code.wire()));
    }
  }
}
