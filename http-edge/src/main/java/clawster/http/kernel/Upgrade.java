package clawster.http.kernel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * That a connection goes on after its last answer, as something else than HTTP. It counts as its
 * address's until that ends, too, and ends when nothing is taken from it, or heard of it, for long.
 *
 * <p>What is not taken is noticed only here, at the bytes: who writes messages learns that it
 * failed, and the connection would stay. The library has the header for its own use only.
 */
public final class Upgrade {

  static final AttributeKey<Upgrade> KEY = AttributeKey.create("upgrade", Upgrade.class);

  /** What was answered is switched to at once or, by a caller who hangs up, never. */
  private static final Duration TO_BEGIN = Duration.ofSeconds(10);

  private final CompletableFuture<Done> end = new CompletableFuture<>();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);

  private enum Phase {
    WAITING,
    BEGUN,
    NEVER
  }

  private Upgrade() {}

  /**
   * The answer, to which that holds.
   *
   * @param stuck how long nothing may be taken of what is to be sent
   * @param silence how long nothing may be heard; longer than it takes to hear of a ping
   */
  public static HttpResponse of(
      HttpResponse answer, Duration stuck, Duration silence, ActorSystem<?> system) {
    var upgrade = new Upgrade();
    system.scheduler().scheduleOnce(TO_BEGIN, upgrade::endUnlessBegun, system.executionContext());
    return upgrade.bounded(answer, stuck, silence).addAttribute(KEY, upgrade);
  }

  private void endUnlessBegun() {
    if (phase.compareAndSet(Phase.WAITING, Phase.NEVER)) {
      end.complete(Done.getInstance());
    }
  }

  /** When the connection has ended, or if it never began. */
  CompletionStage<Done> end() {
    return end;
  }

  private HttpResponse bounded(HttpResponse answer, Duration stuck, Duration silence) {
    for (HttpHeader header : answer.getHeaders()) {
      if (header instanceof UpgradeToOtherProtocolResponseHeader upgrade) {
        var bounded =
            bounded(Flow.fromGraph(upgrade.handler()), stuck, silence)
                .mapMaterializedValue(mat -> (Object) mat)
                .asScala();
        return answer
            .removeHeader(header.name())
            .addHeader(new UpgradeToOtherProtocolResponseHeader(bounded));
      }
    }
    throw new IllegalStateException("an answer that switches to nothing");
  }

  private Flow<ByteString, ByteString, ?> bounded(
      Flow<ByteString, ByteString, ?> handler, Duration stuck, Duration silence) {
    return Flow.fromMaterializer(
        (_, _) ->
            phase.compareAndSet(Phase.WAITING, Phase.BEGUN)
                ? begun(handler, stuck, silence)
                : Flow.fromSinkAndSourceCoupled(
                    Sink.cancelled(), Source.failed(new TimeoutException("it came too late"))));
  }

  private Flow<ByteString, ByteString, NotUsed> begun(
      Flow<ByteString, ByteString, ?> handler, Duration stuck, Duration silence) {
    return Flow.<ByteString>create()
        .idleTimeout(silence)
        .onErrorComplete(TimeoutException.class)
        .via(handler)
        .backpressureTimeout(stuck)
        .watchTermination(
            (_, over) -> {
              over.whenComplete((_, _) -> end.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
  }
}
