package clawster.http.kernel;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.impl.engine.server.HttpAttributes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One connection. Its requests learn when the caller hangs up, which an answer that is still being
 * made would otherwise find out only when it is written.
 *
 * <p>It is closed after a while without a request, sooner if it has never brought one: a request
 * that comes letter by letter is none until it is whole. An answer may be silent for as long as it
 * takes to make it, which is why this is not left to the server's own timeout; but not for as long
 * as nobody takes it.
 */
final class Connection {

  /** Requests whose answers are not whole, each told when its caller goes. */
  private final Set<CompletableFuture<Done>> open = ConcurrentHashMap.newKeySet();

  private final BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>>
      handler;
  private final Limits limits;
  private final Departure departure;

  /** It is not open any more. */
  private final Runnable leave;

  private volatile boolean asked;
  private volatile boolean ended;

  /** Itself, and what it has become or may yet. */
  private final AtomicInteger parts = new AtomicInteger(1);

  private volatile Cancellable timer = Cancellable.alreadyCancelled();
  private volatile long idleSince = System.nanoTime();

  private Connection(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler,
      Limits limits,
      Departure departure,
      Runnable leave) {
    this.handler = handler;
    this.limits = limits;
    this.departure = departure;
    this.leave = leave;
  }

  /**
   * @param handler given a request and when its caller has gone
   * @param pipelined requests served at once
   * @param limits how long nothing may be open, or an answer not be taken
   * @param connections how many there may be
   * @param departure told which answers are being made
   */
  static Flow<HttpRequest, HttpResponse, NotUsed> flow(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler,
      int pipelined,
      Limits limits,
      OpenConnections connections,
      Departure departure) {
    return Flow.fromMaterializer(
            (materializer, attributes) -> {
              var peer = peer(attributes);
              return peer.isPresent() && !connections.enter(peer.get())
                  ? refused()
                  : new Connection(
                          handler, limits, departure, () -> peer.ifPresent(connections::leave))
                      .flow(pipelined, materializer);
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  /**
   * Who is at the other end, before anything was sent. The server has a name for it that is not
   * public; what is public comes with the first request only.
   */
  private static Optional<InetAddress> peer(Attributes attributes) {
    return attributes
        .getAttribute(HttpAttributes.RemoteAddress.class)
        .map(remote -> remote.address().getAddress());
  }

  /** Closes it without a word. */
  private static Flow<HttpRequest, HttpResponse, NotUsed> refused() {
    return Flow.fromSinkAndSourceCoupled(Sink.cancelled(), Source.empty());
  }

  private Flow<HttpRequest, HttpResponse, NotUsed> flow(int pipelined, Materializer materializer) {
    return Flow.<HttpRequest>create()
        .viaMat(KillSwitches.single(), Keep.right())
        .watchTermination(
            (end, termination) -> {
              termination.whenComplete((_, _) -> gone());
              termination.whenComplete((_, _) -> parted());
              lookAfter(limits.first(), end, materializer.system());
              return NotUsed.getInstance();
            })
        .mapAsync(pipelined, this::serve);
  }

  private void parted() {
    if (parts.decrementAndGet() == 0) {
      leave.run();
    }
  }

  private void gone() {
    ended = true;
    timer.cancel();
    open.forEach(
        request -> {
          request.complete(Done.getInstance());
          closed(request);
        });
  }

  /** One timer that comes back when the time might be over, so a request costs none. */
  private void lookAfter(Duration wait, UniqueKillSwitch end, ActorSystem system) {
    timer =
        system.scheduler().scheduleOnce(wait, () -> closeIfIdle(end, system), system.dispatcher());
    if (ended) {
      timer.cancel();
    }
  }

  private void closeIfIdle(UniqueKillSwitch end, ActorSystem system) {
    var patience = asked ? limits.idle() : limits.first();
    var left = open.isEmpty() ? patience.minusNanos(System.nanoTime() - idleSince) : limits.idle();
    if (left.isPositive()) {
      lookAfter(left, end, system);
    } else {
      end.shutdown();
    }
  }

  private CompletionStage<HttpResponse> serve(HttpRequest request) {
    var gone = new CompletableFuture<Done>();
    open.add(gone);
    asked = true;
    departure.opened();
    return handler
        .apply(request, gone)
        .thenApply(response -> answered(response, gone))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                closed(gone);
              }
            });
  }

  private HttpResponse answered(HttpResponse response, CompletableFuture<Done> gone) {
    response
        .getAttribute(Upgrade.KEY)
        .ifPresent(
            upgrade -> {
              if (parts.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0) {
                upgrade.end().thenRun(this::parted);
              }
            });
    if (response.entity().isStrict()) {
      closed(gone);
      return response;
    }
    return response.transformEntityDataBytes(
        Flow.<ByteString>create()
            .backpressureTimeout(limits.idle())
            .watchTermination(
                (_, whole) -> {
                  whole.whenComplete((_, _) -> closed(gone));
                  return NotUsed.getInstance();
                }));
  }

  private void closed(CompletableFuture<Done> request) {
    idleSince = System.nanoTime();
    if (open.remove(request)) {
      departure.closed();
    }
  }
}
