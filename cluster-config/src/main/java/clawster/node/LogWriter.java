package clawster.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines, on the thread of its {@link LogQueue}. A file that cannot be written, because the
 * disk is full or the directory gone, costs nothing but its lines: it is said once, tried again now
 * and then, and how many lines are missing is the first that is said when it works.
 */
final class LogWriter extends AppenderBase<ILoggingEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

  private final RotatedFile file;
  private final LogLine line;
  private final LongSupplier discarded;
  private final LongSupplier nanos;
  private boolean failing;
  private long retry;
  private long tell;
  private long missing;
  private long seen;

  /**
   * @param discarded how many lines the queue had no place for so far
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  LogWriter(RotatedFile file, LogLine line, LongSupplier discarded, LongSupplier nanos) {
    this.file = file;
    this.line = line;
    this.discarded = discarded;
    this.nanos = nanos;
    this.tell = nanos.getAsLong();
  }

  @Override
  public void start() {
    super.start();
    try {
      file.open();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (failing && !isReached(retry)) {
      missing++;
      return;
    }
    try {
      file.append(line.of(event));
      failing = false;
      tellWhatIsMissing();
    } catch (IOException e) {
      missing++;
      failed(e);
    }
  }

  private void failed(IOException e) {
    retry = in(LogLimits.RETRY);
    if (!failing) {
      failing = true;
      LOG.warn("The log file cannot be written, and lines will be missing in it: {}", e.toString());
    }
  }

  /** What is said here comes back as a line. */
  private void tellWhatIsMissing() {
    long now = discarded.getAsLong();
    missing += now - seen;
    seen = now;
    if (missing > 0 && isReached(tell)) {
      tell = in(LogLimits.TELL);
      LOG.warn("At least {} lines are missing in the log file before this one", missing);
      missing = 0;
    }
  }

  private boolean isReached(long time) {
    return nanos.getAsLong() - time >= 0;
  }

  private long in(Duration time) {
    return nanos.getAsLong() + time.toNanos();
  }

  @Override
  public void stop() {
    super.stop();
    try {
      file.close();
    } catch (IOException e) {
      addError("The log file was not closed", e);
    }
  }
}
