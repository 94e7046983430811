package clawster.http.kernel;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * One connection. Its requests learn when the caller hangs up, which an answer that is still being
 * made would otherwise find out only when it is written.
 */
final class Connection {

  private final Set<CompletableFuture<Done>> open = ConcurrentHashMap.newKeySet();
  private final BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>>
      handler;

  private Connection(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler) {
    this.handler = handler;
  }

  /**
   * @param handler given a request and when its caller has gone
   * @param pipelined requests served at once
   */
  static Flow<HttpRequest, HttpResponse, NotUsed> flow(
      BiFunction<HttpRequest, CompletionStage<Done>, CompletionStage<HttpResponse>> handler,
      int pipelined) {
    return Flow.fromMaterializer((_, _) -> new Connection(handler).flow(pipelined))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Flow<HttpRequest, HttpResponse, NotUsed> flow(int pipelined) {
    return Flow.<HttpRequest>create()
        .watchTermination(
            (_, ended) -> {
              ended.whenComplete((_, _) -> open.forEach(gone -> gone.complete(Done.getInstance())));
              return NotUsed.getInstance();
            })
        .mapAsync(pipelined, this::serve);
  }

  private CompletionStage<HttpResponse> serve(HttpRequest request) {
    var gone = new CompletableFuture<Done>();
    open.add(gone);
    return handler.apply(request, gone).whenComplete((_, _) -> open.remove(gone));
  }
}
