package clawster.http.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
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
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;
  private volatile boolean cut;
  private volatile long since;

  /** Somebody who waits for an answer to begin, and what is said if none does. */
  private record Waiting(CompletableFuture<HttpResponse> answer, Supplier<HttpResponse> otherwise) {

    void cutOff() {
      answer.complete(otherwise.get());
    }
  }

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

  /**
   * Whoever waits for an answer to begin hears {@code otherwise} instead, should the node be cut
   * off before.
   */
  CompletionStage<HttpResponse> unlessCutOff(
      CompletionStage<HttpResponse> answer, Supplier<HttpResponse> otherwise) {
    var waits = new Waiting(answer.toCompletableFuture().copy(), otherwise);
    waiting.add(waits);
    waits.answer().whenComplete((_, _) -> waiting.remove(waits));
    if (cut) {
      waits.cutOff();
    }
    return waits.answer();
  }

  /**
   * The node goes, and at once: no answer begins any more.
   *
   * @return whether anybody waited for one
   */
  public boolean cutOff() {
    if (!begun) {
      begin();
    }
    cut = true;
    var unanswered = List.copyOf(waiting);
    unanswered.forEach(Waiting::cutOff);
    return !unanswered.isEmpty();
  }

  /** Server-sent events that go on until one of both leaves. */
  public Source<ByteString, NotUsed> untilThen(Source<ByteString, NotUsed> events) {
    return events.via(until()).concat(Source.single(COME_BACK));
  }

  /** What passes through it ends when this node leaves. */
  public <T> Flow<T, T, NotUsed> until() {
    return Flow.<T>create().via(endless.flow());
  }
}
