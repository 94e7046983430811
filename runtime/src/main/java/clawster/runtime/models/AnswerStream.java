package clawster.runtime.models;

import clawster.runtime.models.Exchange.News;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * One answer as a source: makes the call, makes it again while the rule allows and nothing was
 * heard, and watches the deadlines. It asks the connection for bytes only when it has no event left
 * and somebody wants one, so at most one buffer of events waits here. Stopping it, for whatever
 * reason, ends the exchange.
 */
final class AnswerStream extends GraphStage<SourceShape<ModelEvent>> {

  /** One call to be made, as often as needed. */
  record Call(HttpRequest request, Supplier<UpstreamAnswer> answer, String secret) {}

  /** How calls are made. */
  record Terms(HttpClient http, Deadlines deadlines, RetryRule retries, RandomGenerator random) {}

  private final Outlet<ModelEvent> out = Outlet.create("answer.out");
  private final SourceShape<ModelEvent> shape = SourceShape.of(out);
  private final Supplier<Call> prepare;
  private final Terms terms;

  AnswerStream(Supplier<Call> prepare, Terms terms) {
    this.prepare = prepare;
    this.terms = terms;
  }

  @Override
  public SourceShape<ModelEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final int MAX_MESSAGE_CHARS = 500;

    /** Local servers take keys such as "x"; hiding every x helps nobody. */
    private static final int SHORTEST_SECRET_CHARS = 8;

    private static final String DEADLINE = "deadline";
    private static final String RETRY = "retry";
    private static final String REFUSAL = "refusal";
    private static final Duration PATIENCE_WITH_A_REFUSAL = Duration.ofSeconds(2);

    private final Queue<ModelEvent> events = new ArrayDeque<>();
    private final AsyncCallback<News> news = createAsyncCallback(this::heard);
    private final Watch watch = new Watch(terms.deadlines(), System.nanoTime());
    private Call call;
    private Exchange exchange;
    private Reading reading;
    private int attempts;
    private boolean bytesAsked;
    private boolean answerBegun;
    private boolean over;
    private Optional<ModelFailure> failure = Optional.empty();

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              watch.waiting(System.nanoTime());
              deliver();
            }
          });
    }

    @Override
    public void preStart() {
      try {
        call = prepare.get();
        scheduleDeadline();
        attempt();
      } catch (ModelFailure refused) {
        failStage(refused);
      }
    }

    @Override
    public void postStop() {
      if (exchange != null && !over) {
        exchange.close();
      }
    }

    @Override
    public void onTimer(Object timer) {
      switch ((String) timer) {
        case DEADLINE -> checkDeadline();
        case RETRY -> attempt();
        case REFUSAL -> end();
        default -> throw new IllegalStateException("no such timer: " + timer);
      }
    }

    private void attempt() {
      attempts++;
      reading = null;
      bytesAsked = true;
      exchange = new Exchange(news::invoke);
      exchange.begin(terms.http(), call.request());
    }

    private void heard(News item) {
      if (item.from() != exchange || over) {
        return;
      }
      switch (item) {
        case News.Head head -> reading = readingOf(head);
        case News.Bytes bytes -> take(bytes);
        case News.Ended _ -> end();
        case News.Broken _ when reading instanceof Reading.Refusal -> end();
        case News.Broken(_, var cause) -> broken(cause);
      }
    }

    private Reading readingOf(News.Head head) {
      if (head.status() != 200) {
        scheduleOnce(REFUSAL, PATIENCE_WITH_A_REFUSAL);
        return new Reading.Refusal(head.status(), RetryAfter.of(head.headers(), Instant.now()));
      }
      var type = head.headers().firstValue("content-type").orElse("");
      var streamed =
          type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
      var answer = call.answer().get();
      return streamed ? new Reading.Streamed(answer) : new Reading.Whole(answer);
    }

    private void take(News.Bytes bytes) {
      bytesAsked = false;
      try {
        var progress = false;
        for (var buffer : bytes.buffers()) {
          progress |= reading.take(buffer, events::add);
        }
        if (progress) {
          progressed();
        }
        if (reading.enough()) {
          end();
        } else {
          deliver();
        }
      } catch (UpstreamError error) {
        refused(error);
      } catch (ModelFailure malformed) {
        stop(malformed);
      }
    }

    private void progressed() {
      var now = System.nanoTime();
      watch.progressed(now);
      if (!answerBegun && !events.isEmpty()) {
        answerBegun = true;
        watch.begun(now);
        scheduleDeadline();
      }
    }

    /** The response is over, well or not. */
    private void end() {
      cancelTimer(REFUSAL);
      try {
        if (reading == null) {
          throw new ModelFailure(
              ModelFailure.Kind.UNAVAILABLE, "the model's upstream closed without an answer");
        }
        reading.end(events::add);
        over = true;
        exchange.letEnd();
        deliver();
      } catch (UpstreamError error) {
        refused(error);
      } catch (ModelFailure unwhole) {
        if (unwhole.kind() == ModelFailure.Kind.INTERRUPTED) {
          failed(new RetryRule.Fault.Broken(), unwhole.getMessage());
        } else {
          stop(unwhole);
        }
      }
    }

    private void broken(Throwable failure) {
      var cause = failure instanceof CompletionException e ? e.getCause() : failure;
      if (isWhole()) {
        end();
      } else if (cause instanceof ConnectException
          || cause instanceof HttpConnectTimeoutException) {
        failed(new RetryRule.Fault.Unreachable(), "cannot connect to " + place());
      } else {
        failed(
            new RetryRule.Fault.Broken(),
            "the connection to the model's upstream broke: " + cause.getMessage());
      }
    }

    private String place() {
      var uri = call.request().uri();
      var port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
      return uri.getHost() + ":" + port;
    }

    private boolean isWhole() {
      return reading instanceof Reading.Streamed streamed && streamed.whole();
    }

    private void refused(UpstreamError error) {
      failed(error.fault(), error.getMessage());
    }

    /** Makes another attempt where that is allowed and the consumer has heard nothing yet. */
    private void failed(RetryRule.Fault fault, String message) {
      var decision =
          isAnswerBegun()
              ? RetryRule.giveUp(fault)
              : terms
                  .retries()
                  .decide(
                      fault,
                      attempts,
                      watch.elapsed(System.nanoTime()),
                      terms.random().nextDouble());
      switch (decision) {
        case RetryRule.Decision.Wait(var wait) -> {
          exchange.close();
          exchange = null;
          scheduleOnce(RETRY, wait);
        }
        case RetryRule.Decision.GiveUp(var kind, var retryAfter) ->
            stop(new ModelFailure(interrupted(kind), message, retryAfter.orElse(Duration.ZERO)));
      }
    }

    /** Once part of an answer came, an upstream that cannot go on is an interruption. */
    private ModelFailure.Kind interrupted(ModelFailure.Kind kind) {
      return switch (kind) {
        case OVERLOADED, UNAVAILABLE -> isAnswerBegun() ? ModelFailure.Kind.INTERRUPTED : kind;
        case UNAUTHORIZED, REFUSED, TIMEOUT, INTERRUPTED, MALFORMED -> kind;
      };
    }

    private boolean isAnswerBegun() {
      return answerBegun || !events.isEmpty();
    }

    /** Ends in failure, once what was heard before has been handed on. */
    private void stop(ModelFailure reason) {
      exchange.close();
      over = true;
      failure = Optional.of(reason);
      deliver();
    }

    private void deliver() {
      if (isAvailable(out) && !events.isEmpty()) {
        push(out, events.remove());
      }
      if (over && events.isEmpty()) {
        failure.ifPresentOrElse(reason -> failStage(presentable(reason)), this::completeStage);
      } else if (!over && exchange != null && !bytesAsked && isAvailable(out) && events.isEmpty()) {
        bytesAsked = true;
        exchange.more();
      }
    }

    /** Upstreams may quote anything, at any length, the key included. */
    private ModelFailure presentable(ModelFailure reason) {
      var worthHiding = call.secret().length() >= SHORTEST_SECRET_CHARS;
      var message =
          worthHiding ? reason.getMessage().replace(call.secret(), "***") : reason.getMessage();
      var start =
          message.length() > MAX_MESSAGE_CHARS ? message.substring(0, MAX_MESSAGE_CHARS) : message;
      return new ModelFailure(reason.kind(), start, reason.retryAfter().orElse(Duration.ZERO));
    }

    private void checkDeadline() {
      if (over) {
        return;
      }
      var passed = watch.passed(System.nanoTime(), isWanted());
      if (passed.isEmpty()) {
        scheduleDeadline();
      } else if (isWhole()) {
        end();
      } else {
        failStage(passed.get());
      }
    }

    private void scheduleDeadline() {
      scheduleOnce(DEADLINE, watch.untilNext(System.nanoTime(), isWanted()));
    }

    private boolean isWanted() {
      return isAvailable(out) && events.isEmpty() && !over;
    }
  }
}
