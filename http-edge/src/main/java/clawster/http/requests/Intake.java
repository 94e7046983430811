package clawster.http.requests;

import clawster.http.contract.Parameter;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.limits.AnswerLimits;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.RequestClaims;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionCommand;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionProblems;
import clawster.runtime.sessions.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How a request with messages becomes a run, in whatever dialect: a new one, or the one that an
 * earlier request began if this is that request again. It is known again by its {@code
 * Idempotency-Key}, or as an SDK's retry after a lost connection; a request that cannot come again
 * costs nothing more.
 */
public final class Intake {

  static final Problem OTHER_REQUEST = Problem.of(Kind.CONFLICT, "request.key_used");
  static final Problem FORGOTTEN = Problem.of(Kind.GONE, "request.answer_gone");

  /** What changes the meaning of the same body at the same path. */
  private static final List<String> MEANINGFUL =
      List.of(
          "x-openclaw-session-key",
          "X-GoClaw-Agent-Id",
          "X-GoClaw-Agent",
          "X-GoClaw-User-Id",
          RequestedMode.HEADER.name());

  /** What such a request may say besides its dialect's. */
  public static final List<Parameter> HEADERS =
      List.of(RequestKey.HEADER, RequestedMode.HEADER, Retry.HEADER);

  /** Why it may be refused besides. */
  public static final List<Problem> PROBLEMS =
      Stream.concat(
              Stream.of(OTHER_REQUEST, FORGOTTEN),
              SessionProblems.ALL.stream()
                  .filter(problem -> !problem.equals(SessionProblems.NOT_FOUND)))
          .toList();

  private final Sessions sessions;
  private final AnswerLimits limits;

  public Intake(Sessions sessions, AnswerLimits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  /** The submit that a request means; the same one for the same run, save ids and times. */
  public interface Order {
    SessionCommand.Submit of(RunId run);
  }

  public record Taken(SessionCommand.Submit order, Sessions.Submitted submitted, Caller caller) {}

  /** Fails with a {@link BadRequest} if the key stands for another request, or for nothing. */
  public CompletionStage<Taken> take(Call call, Order order) {
    var key = RequestKey.of(call);
    var retry = Retry.of(call);
    var submit = order.of(RunId.next());
    if (key.isPresent()) {
      return claim(call, key.get(), submit, order);
    }
    return retry.isPresent()
        ? ask(call, retry.get(), submit, order)
        : begin(call, submit, Optional.empty())
            .thenApply(
                submitted ->
                    new Taken(submit, submitted, new Caller(submit.run(), Optional.empty())));
  }

  private CompletionStage<Taken> claim(
      Call call, RequestKey key, SessionCommand.Submit submit, Order order) {
    var principal = call.principal().id();
    var request = hash(call, List.of());
    // Of its own, so that no retry without the key takes the run for its.
    var asking = sessions.callers().asking(hash(call, List.of(principal, key.value())));
    var claim = new RequestClaims.Claim(request, submit.run(), submit.opening().key());
    return sessions
        .claims()
        .claim(principal, key.value(), claim)
        .thenCompose(
            held -> {
              if (!held.claim().request().equals(request)) {
                throw new BadRequest(OTHER_REQUEST);
              }
              if (held.forgotten()) {
                throw new BadRequest(FORGOTTEN);
              }
              var run = held.claim().run();
              return run.equals(submit.run())
                  ? taken(submit, beginNoted(call, submit, asking))
                  : sessions
                      .callers()
                      .join(SessionId.of(held.claim().session()), run, asking)
                      .thenCompose(_ -> again(call, order.of(run), asking));
            });
  }

  private CompletionStage<Taken> ask(
      Call call, Retry retry, SessionCommand.Submit submit, Order order) {
    var request = hash(call, List.of(call.principal().id()));
    var asking = sessions.callers().asking(request);
    var lost =
        retry.isAnother()
            ? sessions.callers().rejoin(request)
            : CompletableFuture.completedStage(Optional.<RunId>empty());
    return lost.thenCompose(
        run ->
            run.map(earlier -> again(call, order.of(earlier), asking))
                .orElseGet(() -> taken(submit, begin(call, submit, Optional.of(asking)))));
  }

  private CompletionStage<Sessions.Submitted> begin(
      Call call, SessionCommand.Submit submit, Optional<Callers.Asking> asking) {
    return counted(call, submit.run(), () -> sessions.submit(submit, asking));
  }

  /** A run that begins counts, whether its request comes for the first time or again. */
  private CompletionStage<Sessions.Submitted> counted(
      Call call, RunId run, Supplier<CompletionStage<Sessions.Submitted>> begin) {
    return limits
        .run(call, run, begin, Sessions.Submitted::mayHaveBegun, Sessions.Submitted.Refused::new)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null || outcome instanceof Sessions.Submitted.Refused) {
                limits.over(run);
              }
            });
  }

  /**
   * Notes how it went with the caller, see {@link Caller#until}. What he leaves goes on counting
   * until it has ended.
   */
  public CompletionStage<?> until(
      Taken taken, CompletableFuture<?> ended, CompletionStage<?> over) {
    var order = taken.order();
    over.whenComplete(
        (_, _) -> {
          if (ended.isDone()) {
            limits.over(order.run());
          } else {
            limits.left(order.run(), () -> sessions.ended(order.opening().key(), order.run()));
          }
        });
    return taken.caller().until(ended, over);
  }

  /**
   * Leaves a note of the run also where a quota refuses it: who joins it later counts with its
   * first caller unless that one has been seen to leave.
   */
  private CompletionStage<Sessions.Submitted> beginNoted(
      Call call, SessionCommand.Submit submit, Callers.Asking asking) {
    var session = SessionId.of(submit.opening().key());
    return begin(call, submit, Optional.of(asking))
        .thenCompose(
            outcome ->
                outcome instanceof Sessions.Submitted.Refused
                    ? sessions
                        .directory()
                        .owe(session, submit.run(), Optional.of(asking))
                        .handle((_, _) -> outcome)
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<Taken> again(
      Call call, SessionCommand.Submit order, Callers.Asking asking) {
    return taken(
        order, sessions.submitAgain(order, asking, begin -> counted(call, order.run(), begin)));
  }

  private CompletionStage<Taken> taken(
      SessionCommand.Submit order, CompletionStage<Sessions.Submitted> submitted) {
    var caller = new Caller(order.run(), Optional.of(sessions.callers()));
    return submitted
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null || outcome instanceof Sessions.Submitted.Refused) {
                sessions.callers().left(order.run());
              }
            })
        .thenApply(outcome -> new Taken(order, outcome, caller));
  }

  private static RequestHash hash(Call call, List<String> before) {
    var words = new ArrayList<>(before);
    words.add(call.request().method().value());
    words.add(call.request().getUri().getPathString());
    words.add(call.request().getUri().rawQueryString().orElse(""));
    MEANINGFUL.forEach(name -> words.add(call.header(name).orElse("")));
    return RequestHash.of(words, call.body().toArrayUnsafe());
  }
}
