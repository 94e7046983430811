package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(30)
final class LogWriterTest {

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(LogFile.class);

  @TempDir private Path data;
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Path logs;
  private LogWriter writer;
  private long now = -7;
  private long discarded;

  @BeforeEach
  void begin() {
    logs = data.resolve("logs");
    said.start();
    LOG.addAppender(said);
    var file = new RotatedFile(logs, "f", 10_000, 1);
    writer = new LogWriter(file, new LogLine("node-1"), () -> discarded, () -> now);
  }

  @AfterEach
  void end() {
    LOG.detachAppender(said);
    writer.stop();
  }

  private void log(String message) {
    var event = new LoggingEvent("here", LOG, Level.INFO, message, null, new Object[0]);
    event.setMDCPropertyMap(Map.of());
    writer.doAppend(event);
  }

  private void pass(long nanos) {
    now += nanos;
  }

  private List<String> said() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void assertWritten(String... messages) throws IOException {
    var lines = Files.readAllLines(logs.resolve("f"));
    assertEquals(messages.length, lines.size(), lines.toString());
    for (int i = 0; i < messages.length; i++) {
      assertTrue(lines.get(i).contains("\"message\":\"" + messages[i] + "\""), lines.get(i));
    }
  }

  @Test
  void aFileThatCanBeWrittenIsThereAtOnceAndIsNotTalkedAbout() throws IOException {
    writer.start();
    assertWritten();
    log("one");
    log("two");
    assertWritten("one", "two");
    assertEquals(List.of(), said());
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsSaidOnceAndTriedAgainNowAndThen() throws IOException {
    Files.createFile(logs);
    writer.start();
    log("lost");
    pass(LogLimits.RETRY.toNanos());
    log("lost, too");
    assertEquals(1, said().size(), said().toString());
    assertTrue(said().getFirst().startsWith("The log file cannot be written"), said().toString());
    assertEquals(Level.WARN, said.list.getFirst().getLevel());

    Files.delete(logs);
    log("lost: it is too early to try");
    pass(LogLimits.RETRY.toNanos());
    log("here");
    assertWritten("here");
    assertEquals(
        List.of("At least 3 lines are missing in the log file before this one"),
        said().subList(1, said().size()));
  }

  @Test
  void aDiskThatFillsUpCostsLinesAndNothingElse() throws IOException {
    writer.start();
    writer.stop();
    Files.delete(logs.resolve("f"));
    Files.createSymbolicLink(logs.resolve("f"), Path.of("/dev/full"));
    writer.start();
    log("lost");
    assertTrue(said().getFirst().contains("No space left on device"), said().toString());
    Files.delete(logs.resolve("f"));
    pass(LogLimits.RETRY.toNanos());
    log("here");
    assertWritten("here");
  }

  @Test
  void whatTheQueueHadNoPlaceForIsSaidNowAndThen() {
    writer.start();
    discarded = 5;
    log("one");
    discarded = 8;
    log("two");
    assertEquals(List.of("At least 5 lines are missing in the log file before this one"), said());
    pass(LogLimits.TELL.toNanos());
    log("three");
    pass(LogLimits.TELL.toNanos());
    log("four");
    assertEquals(
        List.of(
            "At least 5 lines are missing in the log file before this one",
            "At least 3 lines are missing in the log file before this one"),
        said());
  }
}
