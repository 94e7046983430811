package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class LogLineTest {

  private static final String WHOLE = "\ud83e\udd80";
  private static final String HALF = "\ud83e";
  private static final String OTHER_HALF = "\udd80";

  /** What somebody could send who wants a line of their own, or a reader's terminal. */
  static final List<String> ATTACKS =
      List.of(
          "curl/8\r\n"
              + "{\"time\":\"2026-01-01T00:00:00.000Z\",\"level\":\"INFO\",\"message\":\"all is"
              + " well\"}",
          "\",\"level\":\"INFO\",\"message\":\"forged",
          "\\",
          "\u001b[2J\u001b]0;title\u0007 cleared",
          "\u009b31m eight bits",
          "\u0000\b\u007f",
          "\u0085 \u2028 \u2029 other ends of lines",
          "\u202egnp.exe \u2066isolated\u2069 \u200f \u061c",
          "\ufeff\u200b\ufff9 unseen",
          "\udb40\udc41 a tag",
          WHOLE + HALF + " half " + OTHER_HALF + " half",
          "</script><!--");

  private static LoggingEvent event(
      String message, Throwable error, Map<String, String> context, String thread) {
    var logger = new LoggerContext().getLogger("clawster.Some");
    var event = new LoggingEvent("here", logger, Level.WARN, message, error, new Object[0]);
    event.setInstant(Instant.parse("2026-02-03T04:05:06.700000Z"));
    event.setThreadName(thread);
    event.setMDCPropertyMap(context);
    return event;
  }

  private static LoggingEvent event(String message, Throwable error, Map<String, String> context) {
    return event(message, error, context, "thread-1");
  }

  private static LoggingEvent event(String message) {
    return event(message, null, Map.of());
  }

  private static byte[] line(LoggingEvent event) throws IOException {
    return new LogLine("node-3").of(event);
  }

  private static JsonNode read(byte[] line) throws IOException {
    return new ObjectMapper().readTree(line);
  }

  private static String field(String message) throws IOException {
    return read(line(event(message))).get(LogLine.MESSAGE).asText();
  }

  private static void assertIsOneHarmlessLine(byte[] line) {
    for (int i = 0; i < line.length - 1; i++) {
      assertTrue(line[i] >= ' ' && line[i] <= '~', "byte " + line[i] + " at " + i);
    }
    assertEquals('\n', line[line.length - 1]);
  }

  /** Halves of characters would make it a line that readers refuse. */
  private static String readable(String attack) {
    return attack.replace(HALF + " half", "? half").replace(" " + OTHER_HALF, " ?");
  }

  @Test
  void aLineSaysWhatHappenedWhenAndWhere() throws IOException {
    var expected =
        """
        {"time":"2026-02-03T04:05:06.700Z","level":"WARN","logger":"clawster.Some",\
        "thread":"thread-1","node":"node-3","message":"so it is","context":{"request":"r-1"}}
        """;
    var line = line(event("so it is", null, Map.of("request", "r-1")));
    assertEquals(expected, new String(line, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @FieldSource("ATTACKS")
  void whateverIsLoggedIsOneLineAndCanBeReadAgain(String attack) throws IOException {
    var line = line(event(attack, new IOException(attack), Map.of(attack, attack), attack));
    assertIsOneHarmlessLine(line);
    var read = read(line);
    var said = readable(attack);
    assertEquals("WARN", read.get(LogLine.LEVEL).asText());
    assertEquals(said, read.get(LogLine.MESSAGE).asText());
    assertEquals(said, read.get(LogLine.THREAD).asText());
    assertEquals(said, read.get(LogLine.CONTEXT).get(said).asText());
    assertEquals(said, read.get(LogLine.ERROR).get(LogLine.MESSAGE).asText());
  }

  @Test
  void nothingThatCanBeLeftOutIsMissed() throws IOException {
    var read = read(line(event(null, new IOException((String) null), Map.of())));
    assertEquals("", read.get(LogLine.ERROR).get(LogLine.MESSAGE).asText());
    assertFalse(read.has(LogLine.CONTEXT));
    assertFalse(read(line(event("x"))).has(LogLine.ERROR));
  }

  @Test
  void whatFitsIsWholeAndWhatDoesNotSaysHowMuchIsMissing() throws IOException {
    var full = "a".repeat(LogLimits.TEXT);
    assertEquals(full, field(full));
    var cut = field(full + "b");
    assertTrue(cut.length() <= LogLimits.TEXT, cut.length() + " characters");
    var mark = cut.indexOf(" [cut: ");
    assertEquals(
        " [cut: %d characters more]".formatted(full.length() + 1 - mark), cut.substring(mark));
  }

  /** However it has to be written, and also in the middle of a character. */
  @ParameterizedTest
  @FieldSource("ATTACKS")
  void noFieldIsLongerInTheFileThanItMayBe(String attack) throws IOException {
    for (int shift = 0; shift < 12; shift++) {
      var whole = "x".repeat(shift) + (attack + " ").repeat(9000);
      var line = line(event(whole));
      assertIsOneHarmlessLine(line);
      int others = line(event("")).length;
      assertTrue(line.length <= LogLimits.TEXT + others, line.length + " bytes");
      var text = read(line).get(LogLine.MESSAGE).asText();
      var beginning = text.substring(0, text.lastIndexOf(" [cut: "));
      assertTrue(readable(whole).startsWith(beginning));
    }
  }

  @Test
  void aPairOfSurrogatesIsNotCutInTwo() throws IOException {
    for (int shift = 0; shift < 12; shift++) {
      var text = field("x".repeat(shift) + WHOLE.repeat(9000));
      assertTrue(text.substring(0, text.lastIndexOf(" [cut: ")).endsWith(WHOLE));
    }
  }

  private static <T extends Throwable> T deep(T error) {
    error.setStackTrace(
        IntStream.range(0, 1000)
            .mapToObj(i -> new StackTraceElement("x.Y", "m" + i, "Y.java", i + 1))
            .toArray(StackTraceElement[]::new));
    return error;
  }

  private static JsonNode error(Throwable error) throws IOException {
    var line = line(event("", error, Map.of()));
    assertIsOneHarmlessLine(line);
    assertTrue(line.length < 3 * LogLimits.TEXT, line.length + " bytes");
    return read(line).get(LogLine.ERROR);
  }

  @Test
  void aStackNamesTheCausesHoweverDeepItIs() throws IOException {
    var cause = deep(new IllegalStateException("the cause\nof " + "it".repeat(100_000)));
    cause.setStackTrace(new StackTraceElement[] {new StackTraceElement("x.Z", "z", "Z.java", 9)});
    var error = error(deep(new IOException("m".repeat(100_000), cause)));
    assertEquals("java.io.IOException", error.get(LogLine.CLASS).asText());
    var stack = error.get(LogLine.STACK).asText().lines().toList();
    assertEquals("at x.Y.m0(Y.java:1)", stack.getFirst());
    assertEquals("at x.Y.m19(Y.java:20)", stack.get(19));
    assertEquals("... 980 more", stack.get(20));
    assertEquals("caused by java.lang.IllegalStateException: the cause", stack.get(21));
    assertEquals("at x.Z.z(Z.java:9)", stack.getLast());
  }

  @Test
  void aStackIsBoundedHoweverManyCausesItHas() throws IOException {
    Throwable error = deep(new StackOverflowError());
    for (int i = 0; i < 300; i++) {
      error = deep(new IOException("\u001b".repeat(100_000), error));
    }
    assertTrue(error(error).get(LogLine.STACK).asText().startsWith("at x.Y.m0(Y.java:1)"));
  }

  @Test
  void aContextIsBounded() throws IOException {
    var context =
        IntStream.range(0, 1000)
            .boxed()
            .collect(Collectors.toMap(i -> i + "k".repeat(5000), _ -> "v".repeat(5000)));
    var line = line(event("", null, context));
    assertEquals(LogLimits.CONTEXT, read(line).get(LogLine.CONTEXT).size());
    assertTrue(line.length < 3 * LogLimits.TEXT, line.length + " bytes");
  }
}
