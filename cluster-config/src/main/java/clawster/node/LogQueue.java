package clawster.node;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where lines wait to be written, so that whoever logs never waits for a disk. When it is nearly
 * full, only warnings and errors come in, and when it is full, nothing; what stays out is counted.
 */
final class LogQueue extends AsyncAppender {

  private final AtomicLong discarded = new AtomicLong();

  LogQueue(int size) {
    setName("log-file");
    setQueueSize(size);
    setNeverBlock(true);
    setMaxFlushTime((int) LogLimits.FLUSH.toMillis());
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean nearlyFull = isQueueBelowDiscardingThreshold() && isDiscardable(event);
    if (nearlyFull || getRemainingCapacity() == 0) {
      discarded.incrementAndGet();
    } else {
      super.append(event);
    }
  }

  /** At least so many so far: of those who come at once for the last place, not all are counted. */
  long discarded() {
    return discarded.get();
  }
}
