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

/**
 * How often an {@link Asker} may make a model answer, how many such answers may be under way, and
 * how many runs it may begin. A handler that makes a model answer is given out by {@link #on}, and
 * begins a run by way of {@link #run}.
 *
 * @param open whether no token is set
 * @param rate as it is set now
 */
public record AnswerLimits(
    boolean open,
    Supplier<Optional<RateLimiter>> rate,
    Optional<AtOnce> atOnce,
    Optional<Quotas> quotas) {

  /**
   * @param most answers that one caller may have under way, as it is set now; empty for any number
   */
  public record AtOnce(OpenAnswers answers, Supplier<Optional<Integer>> most) {}

  /** No limits. */
  public static final AnswerLimits NONE =
      new AnswerLimits(false, Optional::empty, Optional.empty(), Optional.empty());

  private static final Duration SHORTLY = Duration.ofSeconds(1);

  /** The same, refusing whoever asks too often. */
  public Endpoint.Handler on(Dialect dialect, Endpoint.Handler handler) {
    return call ->
        tooOften(call)
            .thenCompose(
                problem ->
                    problem.isPresent()
                        ? CompletableFuture.completedStage(
                            Refusals.response(dialect, problem.get()))
                        : handler.handle(call));
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
   * Begins a run, unless too many are under way or its quota is used up. It is under way until
   * {@link #over} or {@link #left} says otherwise.
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
    var name = name(call);
    Supplier<CompletionStage<T>> counted =
        () ->
            quotas
                .map(set -> set.counted(name, run.value(), begin, mayHaveBegun, otherwise))
                .orElseGet(begin);
    return atOnce
        .flatMap(limit -> limit.most().get().map(most -> place(limit, most, name, run)))
        .map(place -> place.thenCompose(no -> no.map(refused(otherwise)).orElseGet(counted)))
        .orElseGet(counted);
  }

  private static <T> Function<Problem, CompletionStage<T>> refused(Function<Problem, T> otherwise) {
    return problem -> CompletableFuture.completedStage(otherwise.apply(problem));
  }

  private static CompletionStage<Optional<Problem>> place(
      AtOnce limit, int most, String name, RunId run) {
    return limit
        .answers()
        .begin(run.value(), name, most)
        .thenApply(
            begun ->
                begun
                    ? Optional.empty()
                    : Optional.of(LimitProblems.tooManyAnswers(most, SHORTLY)));
  }

  /** The run's answer has ended, or there will be none. */
  public void over(RunId run) {
    atOnce.ifPresent(limit -> limit.answers().end(run.value()));
  }

  /**
   * Nobody hears the run's answer here any more.
   *
   * @param end when it has ended; asked for only where that matters
   */
  public void left(RunId run, Supplier<? extends CompletionStage<?>> end) {
    atOnce
        .map(AtOnce::answers)
        .filter(answers -> answers.isOpen(run.value()))
        .ifPresent(answers -> end.get().whenComplete((_, _) -> answers.end(run.value())));
  }
}
