package clawster.http.kernel;

import clawster.http.kernel.Endpoint.Recorded;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.kernel.Failures;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that nothing is changed without an entry. It is stored before the change is tried, so
 * without it nothing is; it is withdrawn when the answer says that nothing was done. If that cannot
 * be known, or be stored, the entry stays as it is and says so.
 */
public final class Recorder {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final AuditLog log;
  private final Clock clock;

  public Recorder(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** The same endpoint; what it changes is recorded, unless it sees to that itself. */
  public Endpoint recording(Endpoint endpoint) {
    return endpoint
        .recorded()
        .filter(recorded -> !recorded.atSource())
        .map(recorded -> endpoint.servedBy(call -> record(recorded, endpoint.handler(), call)))
        .orElse(endpoint);
  }

  private CompletionStage<HttpResponse> record(
      Recorded recorded, Endpoint.Handler handler, Call call) {
    var said = call.entry(recorded.action(), clock.instant());
    var entry = call.variables().values().stream().findFirst().map(said::about).orElse(said);
    return log.intend(entry)
        .thenCompose(
            _ ->
                tried(handler, call)
                    .handle((answer, failure) -> ended(entry, answer, failure))
                    .thenCompose(ended -> ended));
  }

  private CompletionStage<HttpResponse> ended(
      AuditEntry entry, HttpResponse answer, Throwable failure) {
    CompletionStage<HttpResponse> told =
        failure == null
            ? CompletableFuture.completedStage(answer)
            : CompletableFuture.failedStage(failure);
    return outcome(entry, answer, failure)
        .handle(
            (_, unstored) -> {
              if (unstored != null) {
                LOG.warn("Entry {} does not say how it ended: {}", entry.id(), unstored.toString());
              }
              return told;
            })
        .thenCompose(stage -> stage);
  }

  /** Whoever refuses for a reason of the caller's has changed nothing; otherwise nobody knows. */
  private CompletionStage<Void> outcome(AuditEntry entry, HttpResponse answer, Throwable failure) {
    if (failure != null) {
      return Failures.cause(failure) instanceof BadRequest
          ? log.withdraw(entry.id())
          : CompletableFuture.completedStage(null);
    }
    int status = answer.status().intValue();
    return status < 400
        ? log.settle(entry.id())
        : status < 500 ? log.withdraw(entry.id()) : CompletableFuture.completedStage(null);
  }

  private static CompletionStage<HttpResponse> tried(Endpoint.Handler handler, Call call) {
    try {
      return handler.handle(call);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
