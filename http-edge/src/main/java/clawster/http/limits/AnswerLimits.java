package clawster.http.limits;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Refusals;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.limits.OpenAnswers;
import clawster.runtime.limits.RateLimiter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * How often somebody may make a model answer, and how many such answers they may have open. A
 * handler that does so is given out by {@link #on}.
 *
 * <p>Who that is: a key; of those with the gateway's token the user they speak for, since they are
 * one program for many; where no token is set, so that everybody is the gateway, an address.
 *
 * @param open whether no token is set
 */
public record AnswerLimits(boolean open, Optional<RateLimiter> rate, Optional<AtOnce> atOnce) {

  /**
   * @param most answers that one caller has open
   */
  public record AtOnce(OpenAnswers answers, int most) {}

  /** No limits. */
  public static final AnswerLimits NONE =
      new AnswerLimits(false, Optional.empty(), Optional.empty());

  private static final Duration SHORTLY = Duration.ofSeconds(1);

  /** The same, refusing whoever is over a limit. */
  public Endpoint.Handler on(Dialect dialect, Endpoint.Handler handler) {
    return call ->
        tooOften(call)
            .thenCompose(
                problem ->
                    problem.isPresent()
                        ? refuse(dialect, problem.get())
                        : atOnce
                            .map(limit -> counted(limit, dialect, handler, call))
                            .orElseGet(() -> handler.handle(call)));
  }

  private CompletionStage<Optional<Problem>> tooOften(Call call) {
    return rate.map(limiter -> limiter.take(name(call)))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
  }

  private String name(Call call) {
    if (!(call.principal() instanceof Principal.Gateway)) {
      return call.principal().id();
    }
    return open
        ? "address " + call.client().key()
        : call.user().map(user -> "user " + user).orElseGet(() -> call.principal().id());
  }

  private CompletionStage<HttpResponse> counted(
      AtOnce limit, Dialect dialect, Endpoint.Handler handler, Call call) {
    return limit
        .answers()
        .begin(name(call), limit.most())
        .thenCompose(
            begun ->
                begun.isPresent()
                    ? ending(begun.get(), handler, call)
                    : refuse(dialect, LimitProblems.tooManyAnswers(limit.most(), SHORTLY)));
  }

  /** An answer is open until it is written, or its caller has gone. */
  private static CompletionStage<HttpResponse> ending(
      OpenAnswers.Open answer, Endpoint.Handler handler, Call call) {
    call.gone().thenRun(answer::close);
    CompletionStage<HttpResponse> response;
    try {
      response = handler.handle(call);
    } catch (RuntimeException e) {
      response = CompletableFuture.failedStage(e);
    }
    return response
        .whenComplete(
            (said, failure) -> {
              if (failure != null || said.entity().isStrict()) {
                answer.close();
              }
            })
        .thenApply(said -> said.entity().isStrict() ? said : closing(answer, said));
  }

  private static HttpResponse closing(OpenAnswers.Open answer, HttpResponse response) {
    return response.transformEntityDataBytes(
        Flow.<ByteString>create()
            .watchTermination(
                (_, whole) -> {
                  whole.whenComplete((_, _) -> answer.close());
                  return NotUsed.getInstance();
                }));
  }

  private static CompletionStage<HttpResponse> refuse(Dialect dialect, Problem problem) {
    return CompletableFuture.completedStage(Refusals.response(dialect, problem));
  }
}
