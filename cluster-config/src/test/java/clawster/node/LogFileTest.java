package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import clawster.stories.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Timeout(30)
final class LogFileTest {

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("clawster.test.Story");

  @TempDir private Path data;

  /** What was logged here; others in this process may log, too. */
  private List<JsonNode> ours(String node) throws IOException {
    var ours = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(data.resolve("logs").resolve(node + ".jsonl"))) {
      var json = new ObjectMapper().readTree(line);
      if (json.get(LogLine.LOGGER).asText().equals(LOG.getName())) {
        ours.add(json);
      }
    }
    return ours;
  }

  private static int appenders() {
    var all = new ArrayList<>();
    LOG.getLoggerContext()
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .iteratorForAppenders()
        .forEachRemaining(all::add);
    return all.size();
  }

  @Test
  void whatIsLoggedWhileItIsOpenIsThereOnceItIsClosed() throws IOException {
    int appenders = appenders();
    LOG.info("before");
    try (var _ = LogFile.open(data, "node-7");
        var _ = MDC.putCloseable("request", "r-9")) {
      for (int i = 0; i < 100; i++) {
        LOG.info("GET {}", "/\r\n" + i);
      }
      LOG.debug("not at this level");
      LOG.error("it broke", new IOException("of the disk"));
    }
    LOG.info("after");
    assertEquals(appenders, appenders());
    var ours = ours("node-7");
    assertEquals(101, ours.size());
    assertEquals("GET /\r\n0", ours.getFirst().get(LogLine.MESSAGE).asText());
    assertEquals("r-9", ours.getFirst().at("/context/request").asText());
    assertEquals("node-7", ours.getFirst().get(LogLine.NODE).asText());
    assertEquals(Thread.currentThread().getName(), ours.getFirst().get(LogLine.THREAD).asText());
    assertEquals("of the disk", ours.getLast().at("/error/message").asText());
  }

  @Test
  void nodesOfOneDirectoryHaveFilesOfTheirOwnAndGoOnWithThem() throws IOException {
    for (var node : List.of("node-1", "node-2", "node-1")) {
      try (var _ = LogFile.open(data, node)) {
        LOG.info("hello");
      }
    }
    assertEquals(2, ours("node-1").size());
    assertEquals(1, ours("node-2").size());
  }

  @Test
  void aNodeRunsWithoutItsLogFile() throws IOException {
    Files.createFile(data.resolve("logs"));
    try (var _ = LogFile.open(data, "node-1")) {
      LOG.info("to nobody");
    }
    assertTrue(Files.isRegularFile(data.resolve("logs")));
  }

  /** A disk that hangs. */
  private static final class Stuck extends AppenderBase<ILoggingEvent> {

    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> written = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      try {
        released.await();
        written.add(event.getFormattedMessage());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static LoggingEvent event(Level level, String message) {
    var event = new LoggingEvent("here", LOG, level, message, null, new Object[0]);
    event.setMDCPropertyMap(Map.of());
    return event;
  }

  /** On a thread of its own: one that waits for the queue cannot be interrupted. */
  private static void logSoon(LogQueue queue, Level level, String message, int times)
      throws InterruptedException {
    var logging =
        Thread.ofVirtual()
            .start(
                () ->
                    IntStream.range(0, times).forEach(_ -> queue.doAppend(event(level, message))));
    assertTrue(logging.join(Duration.ofSeconds(10)), "whoever logs waits");
  }

  @Test
  void whoeverLogsDoesNotWaitForADiskAndWhatIsMissingIsCounted() throws InterruptedException {
    var stuck = new Stuck();
    stuck.start();
    var queue = new LogQueue(10);
    queue.addAppender(stuck);
    queue.start();
    logSoon(queue, Level.INFO, "info", 1000);
    long infos = queue.discarded();
    assertNotEquals(0, infos);
    logSoon(queue, Level.ERROR, "a place is kept for this", 1);
    assertEquals(infos, queue.discarded());
    logSoon(queue, Level.ERROR, "error", 999);
    stuck.released.countDown();
    Await.until("all is written", () -> stuck.written.size() + queue.discarded() == 2000);
    queue.stop();
    assertTrue(stuck.written.contains("a place is kept for this"));
    assertFalse(stuck.isStarted(), "it is closed with its queue");
  }
}
