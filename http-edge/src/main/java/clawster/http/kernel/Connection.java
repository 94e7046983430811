package clawster.http.kernel;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;

/**
 * One connection. Its requests learn when the caller hangs up, which an answer that is still being
 * made would otherwise find out only when it is written.
 *
 * <p>It is closed after a while without a request. An answer may be silent for as long as it takes
 * to make it, which is why this is not left to the server's own timeout; but not for as long as
 * nobody takes it.
 */
final class Connection {

  /** Requests whose answers are not whole, each told when its caller goes. */
  private final Set<CompletableFuture<Done>> open = ConcurrentHashMap.newKeySet();

  private final BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>>
      handler;
  private final Duration idle;
  private final Departure departure;
  private volatile boolean ended;
  private volatile Cancellable timer = Cancellable.alreadyCancelled();
  private volatile long idleSince = System.nanoTime();

  private Connection(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler,
      Duration idle,
      Departure departure) {
    this.handler = handler;
    this.idle = idle;
    this.departure = departure;
  }

  /**
   * @param handler given a request and when its caller has gone
   * @param pipelined requests served at once
   * @param idle how long nothing may be open, or an answer not be taken
   * @param departure told which answers are being made
   */
  static Flow<HttpRequest, HttpResponse, NotUsed> flow(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler,
      int pipelined,
      Duration idle,
      Departure departure) {
    return Flow.fromMaterializer(
            (materializer, _) ->
                new Connection(handler, idle, departure).flow(pipelined, materializer))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Flow<HttpRequest, HttpResponse, NotUsed> flow(int pipelined, Materializer materializer) {
    return Flow.<HttpRequest>create()
        .viaMat(KillSwitches.single(), Keep.right())
        .watchTermination(
            (end, termination) -> {
              termination.whenComplete((_, _) -> gone());
              lookAfter(idle, end, materializer.system());
              return NotUsed.getInstance();
            })
        .mapAsync(pipelined, this::serve);
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
    var left = open.isEmpty() ? idle.minusNanos(System.nanoTime() - idleSince) : idle;
    if (left.isPositive()) {
      lookAfter(left, end, system);
    } else {
      end.shutdown();
    }
  }

  private CompletionStage<HttpResponse> serve(HttpRequest request) {
    var gone = new CompletableFuture<Done>();
    open.add(gone);
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
    if (response.entity().isStrict()) {
      closed(gone);
      return response;
    }
    return response.transformEntityDataBytes(
        Flow.<ByteString>create()
            .backpressureTimeout(idle)
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
