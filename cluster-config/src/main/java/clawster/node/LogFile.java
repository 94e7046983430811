package clawster.node;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * What this node logs, in its data directory, beside what it says on the console: {@code
 * logs/node-1.jsonl}, a JSON object a line ({@link LogLine} has the names of its fields), bounded
 * by {@link LogLimits}. A node runs without it where it cannot be written.
 */
final class LogFile implements AutoCloseable {

  static final String DIRECTORY = "logs";

  private final Logger root;
  private final LogQueue queue;

  private LogFile(Logger root, LogQueue queue) {
    this.root = root;
    this.queue = queue;
  }

  /** Everything that is logged in this process from now on. */
  static LogFile open(Path data, String node) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var queue = new LogQueue(LogLimits.QUEUE);
    var file =
        new RotatedFile(data.resolve(DIRECTORY), name(node), LogLimits.FILE, LogLimits.OLDER);
    var writer = new LogWriter(file, new LogLine(node), queue::discarded, System::nanoTime);
    writer.setContext(context);
    writer.start();
    queue.setContext(context);
    queue.addAppender(writer);
    queue.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(queue);
    return new LogFile(root, queue);
  }

  static String name(String node) {
    return node + ".jsonl";
  }

  /** Once everything that was logged so far is written, or will not be soon. */
  @Override
  public void close() {
    root.detachAppender(queue);
    queue.stop();
  }
}
