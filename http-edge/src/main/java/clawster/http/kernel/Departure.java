package clawster.http.kernel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * How a node takes leave of its callers: answers that have an end are brought to it, those that
 * have none are ended with a hint to come back elsewhere, and no connection is kept.
 */
public final class Departure {

  /** The position a listener has reached stays what it was: this event has no id. */
  private static final ByteString COME_BACK =
      ByteString.fromString("event: node.leaving\nretry: 200\ndata: {}\n\n");

  /** Within this time proxies that ask for readiness have heard of it. */
  private static final Duration NOTICE = Duration.ofSeconds(5);

  private final SharedKillSwitch endless = KillSwitches.shared("departure");
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean begun;
  private volatile long since;

  public void begin() {
    since = System.nanoTime();
    begun = true;
    endless.shutdown();
  }

  public boolean hasBegun() {
    return begun;
  }

  /**
   * Whether new requests are still served. They are for a while after the beginning: whoever sends
   * them may not have heard of it yet.
   */
  public boolean takesRequests() {
    return !begun || System.nanoTime() - since < NOTICE.toNanos();
  }

  /** Answers that are being made. */
  public int open() {
    return open.get();
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  /** Server-sent events that go on until one of both leaves. */
  public Source<ByteString, NotUsed> untilThen(Source<ByteString, NotUsed> events) {
    return events.via(endless.flow()).concat(Source.single(COME_BACK));
  }
}
