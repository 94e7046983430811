package clawster.http.kernel;

import clawster.runtime.kernel.Failures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Attributes.CancellationStrategy;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.FiniteDuration;

/**
 * The bodies of all requests that are being served. Each is bounded by its endpoint and in time,
 * and together they are bounded too, so that many callers cannot do what one may not.
 */
final class Bodies {

  private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);

  /** Bytes of a body too long that are read all the same: who is still sending hears no answer. */
  private static final long READ_BEYOND_LIMIT = 32L << 20;

  /**
   * A body that is given up, for its length or its slowness, keeps its connection for so long at
   * least: each step that it comes by waits. Without that it ends after some 100 ms, and a node
   * that is busy has not answered by then.
   */
  private static final Attributes ANSWERED_FIRST =
      Attributes.apply(
          new CancellationStrategy(
              Attributes.cancellationStrategyAfterDelay(
                  FiniteDuration.apply(2, TimeUnit.SECONDS),
                  Attributes.cancellationStrategyFailStage())));

  private final ActorSystem<?> system;
  private final Duration patience;
  private final AtomicLong room;

  Bodies(ActorSystem<?> system, Limits limits) {
    this.system = system;
    this.patience = limits.bodyPatience();
    this.room = new AtomicLong(limits.bodyBytes());
  }

  /** A body that counts until it is let go. */
  final class Held {

    private final long limit;
    private final ByteStringBuilder bytes = new ByteStringBuilder();
    private long size;
    private long taken;
    private boolean noRoom;
    private volatile boolean broken;

    private Held(long limit) {
      this.limit = limit;
    }

    /** Room for what is to come; a body without a length takes its room as it arrives. */
    private Held take(long more) {
      noRoom |= !fits(more);
      taken += noRoom ? 0 : more;
      return this;
    }

    /** Keeps a body up to its limit and goes on counting. */
    private Held add(ByteString more) {
      size += more.length();
      if (size <= limit) {
        if (size > taken) {
          take(size - taken);
        }
        if (!noRoom) {
          bytes.append(more);
        }
      }
      return this;
    }

    private ByteString whole() {
      if (broken) {
        throw new BadRequest(RequestProblems.BODY);
      }
      if (size > limit) {
        throw new BadRequest(RequestProblems.tooLarge(limit));
      }
      if (noRoom) {
        throw new BadRequest(RequestProblems.BUSY);
      }
      return bytes.result();
    }

    private void letGo() {
      room.addAndGet(taken);
    }
  }

  private boolean fits(long more) {
    return room.getAndUpdate(free -> free >= more ? free - more : free) >= more;
  }

  /** What is done with a body once it is there. */
  interface Use<T> {
    CompletionStage<T> of(ByteString body);
  }

  /** Reads a body and holds it until {@code use} has come to its end. */
  <T> CompletionStage<T> read(HttpRequest request, long limit, Use<T> use) {
    var held = new Held(limit);
    return collect(request, held)
        .thenCompose(body -> use.of(body.whole()))
        .whenComplete((_, _) -> held.letGo());
  }

  private CompletionStage<Held> collect(HttpRequest request, Held held) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return CompletableFuture.completedStage(held.add(strict.getData()));
    }
    request
        .entity()
        .getContentLengthOption()
        .ifPresent(
            length -> {
              if (length <= held.limit) {
                held.take(length);
              }
            });
    return coming(request, held.limit + READ_BEYOND_LIMIT, () -> held.broken = true)
        .runFold(held, Held::add, system)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedStage(unread(failure, held.limit)));
  }

  /**
   * A body as it comes, to its end or, as if that were its end, to where it breaks off or is
   * malformed. Were that a failure, it would end the connection before there is an answer.
   *
   * @param broken run in that case, before the end
   */
  private Source<ByteString, ?> coming(HttpRequest request, long limit, Runnable broken) {
    return request
        .entity()
        .withSizeLimit(limit)
        .getDataBytes()
        .completionTimeout(patience)
        .addAttributes(
            ActorAttributes.withSupervisionStrategy(
                    failure -> {
                      if (failure instanceof EntityStreamException) {
                        broken.run();
                        return Supervision.resume();
                      }
                      return Supervision.stop();
                    })
                .and(ANSWERED_FIRST));
  }

  private static BadRequest unread(Throwable failure, long limit) {
    var cause = Failures.cause(failure);
    return new BadRequest(
        switch (cause) {
          case EntityStreamSizeException _ -> RequestProblems.tooLarge(limit);
          case TimeoutException _ -> RequestProblems.SLOW;
          default -> {
            // Broken by whoever sends it, who may have left: nothing to do about it here.
            LOG.debug("A body broke off: {}", cause.toString());
            yield RequestProblems.BODY;
          }
        });
  }

  /** Lets a body that nobody wants pass, so that the connection can be used again. */
  void discard(HttpRequest request) {
    if (!request.entity().isStrict()) {
      coming(request, READ_BEYOND_LIMIT, () -> {}).runWith(Sink.ignore(), system);
    }
  }
}
