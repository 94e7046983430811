package clawster.http.kernel;

import java.time.Duration;
import java.util.Optional;
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

  /**
   * None any more when it runs, or is given up. The connection keeps what it was switched with for
   * as long as it lives: were the plan in that, it would be a tenth of what a socket holds.
   */
  private final AtomicReference<Optional<Flow<ByteString, ByteString, ?>>> plan;

  private Upgrade(Flow<ByteString, ByteString, ?> handler, Duration stuck, Duration silence) {
    plan = new AtomicReference<>(Optional.of(bounded(handler, stuck, silence)));
  }

  /**
   * The answer, to which that holds.
   *
   * @param stuck how long nothing may be taken of what is to be sent
   * @param silence how long nothing may be heard; longer than it takes to hear of a ping
   */
  public static HttpResponse of(
      HttpResponse answer, Duration stuck, Duration silence, ActorSystem<?> system) {
    return of(answer, stuck, silence, TO_BEGIN, system);
  }

  /**
   * Likewise.
   *
   * @param toBegin after which it may not become a socket any more
   */
  static HttpResponse of(
      HttpResponse answer,
      Duration stuck,
      Duration silence,
      Duration toBegin,
      ActorSystem<?> system) {
    for (HttpHeader header : answer.getHeaders()) {
      if (header instanceof UpgradeToOtherProtocolResponseHeader switching) {
        var upgrade = new Upgrade(Flow.fromGraph(switching.handler()), stuck, silence);
        system.scheduler().scheduleOnce(toBegin, upgrade::giveUp, system.executionContext());
        return answer
            .removeHeader(header.name())
            .addHeader(new UpgradeToOtherProtocolResponseHeader(upgrade.handler()))
            .addAttribute(KEY, upgrade);
      }
    }
    throw new IllegalStateException("an answer that switches to nothing");
  }

  /** When the connection has ended, or if it never began. */
  CompletionStage<Done> end() {
    return end;
  }

  private Optional<Flow<ByteString, ByteString, ?>> take() {
    return plan.getAndSet(Optional.empty());
  }

  private void giveUp() {
    if (take().isPresent()) {
      end.complete(Done.getInstance());
    }
  }

  private org.apache.pekko.stream.scaladsl.Flow<ByteString, ByteString, Object> handler() {
    return Flow.fromMaterializer((_, _) -> take().orElseGet(Upgrade::tooLate))
        .mapMaterializedValue(mat -> (Object) mat)
        .asScala();
  }

  /** By a caller who put it behind a request that takes long, say. */
  private static Flow<ByteString, ByteString, ?> tooLate() {
    return Flow.fromSinkAndSourceCoupled(
        Sink.cancelled(), Source.failed(new TimeoutException("it came too late")));
  }

  private Flow<ByteString, ByteString, ?> bounded(
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
