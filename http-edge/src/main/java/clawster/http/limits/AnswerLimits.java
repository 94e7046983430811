package clawster.http.limits;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.Refusals;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.limits.OpenAnswers;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RateLimiter;
import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * How often an {@link Asker} may make a model answer, how many such answers it may have open, and
 * how many runs it may begin. A handler that does so is given out by {@link #on}, and begins a run
 * by way of {@link #run}.
 *
 * @param open whether no token is set
 * @param rate as it is set now
 * @param atOnce as it is set now
 */
public record AnswerLimits(
    boolean open,
    Supplier<Optional<RateLimiter>> rate,
    Supplier<Optional<AtOnce>> atOnce,
    Optional<Quotas> quotas) {

  /**
   * @param most answers that one caller has open
   */
  public record AtOnce(OpenAnswers answers, int most) {}

  /** No limits. */
  public static final AnswerLimits NONE =
      new AnswerLimits(false, Optional::empty, Optional::empty, Optional.empty());

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
                            .get()
                            .map(limit -> counted(limit, dialect, handler, call))
                            .orElseGet(() -> handler.handle(call)));
  }

  private CompletionStage<Optional<Problem>> tooOften(Call call) {
    return rate.get()
        .map(limiter -> limiter.take(name(call)))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
  }

  private String name(Call call) {
    return Asker.of(call, open).name();
  }

  /**
   * Begins a run, unless its quota is used up.
   *
   * @param mayHaveBegun whether it has begun or may have, by what came of it
   * @param otherwise what comes of it where it may not
   */
  public <T> CompletionStage<T> run(
      Call call,
      RunId run,
      Supplier<CompletionStage<T>> begin,
      Predicate<T> mayHaveBegun,
      Function<Problem, T> otherwise) {
    return quotas
        .map(set -> set.counted(name(call), run.value(), begin, mayHaveBegun, otherwise))
        .orElseGet(begin);
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
