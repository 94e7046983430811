package clawster.faults;

import clawster.faults.Op.Reply;
import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import clawster.stories.Caller;
import clawster.stories.Events;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends one message and records what came of it, whatever that is. */
record Sender(String session, int number, Optional<String> key) {

  /** Nobody waits longer than this for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  Sender(String session, int number) {
    this(session, number, Optional.empty());
  }

  /** The same message under this key is the same run, however often it is sent. */
  Sender withKey(String idempotencyKey) {
    return new Sender(session, number, Optional.of(idempotencyKey));
  }

  String marker() {
    return Checker.marker(session, number);
  }

  /** Empty if nothing was sent, because nobody was there. */
  Optional<Op> send(Caller edge, String script, boolean stream) {
    var body = Caller.asking(marker() + " " + script);
    long began = System.nanoTime();
    try {
      return Optional.of(stream ? streamed(edge, body, began) : whole(edge, body, began));
    } catch (UncheckedIOException e) {
      return e.getCause() instanceof ConnectException
              || e.getCause() instanceof HttpConnectTimeoutException
          ? Optional.empty()
          : Optional.of(
              op(began, Result.UNKNOWN, Reply.NONE, Optional.empty(), Telling.BROKEN, ""));
    }
  }

  /** Hangs up after so many pieces of the answer. */
  Op leave(Caller edge, String script, int pieces) {
    long began = System.nanoTime();
    try (var events = edge.stream(session, Caller.asking(marker() + " " + script))) {
      var told = new StringBuilder();
      for (int i = 0; i <= pieces; i++) {
        told.append(events.next().orElseThrow().delta());
      }
      return op(
          began,
          result(events.status(), events.header("x-should-retry")),
          reply(events.status(), events.header("Retry-After")),
          run(events.header("x-clawster-run")),
          Telling.BROKEN,
          told.toString());
    }
  }

  private Op whole(Caller edge, ObjectNode body, long began) {
    var answer = edge.call("POST", "/v1/chat/completions", body.toString(), headers());
    var result = result(answer.status(), answer.header("x-should-retry"));
    var reply = reply(answer.status(), answer.header("Retry-After"));
    return answer.status() == 200
        ? op(
            began,
            result,
            reply,
            run(answer.header("x-clawster-run")),
            Telling.WHOLE,
            answer.json().at("/choices/0/message/content").asText(""))
        : op(began, result, reply, run(answer.header("x-clawster-run")), Telling.INTERRUPTED, "");
  }

  private Op streamed(Caller edge, ObjectNode body, long began) {
    try (var events = edge.stream(body, headers())) {
      var closing =
          CompletableFuture.runAsync(
              events::close,
              CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      var told = new StringBuilder();
      var telling =
          events.status() == 200 ? listen(events, told, Telling.BROKEN) : Telling.INTERRUPTED;
      closing.cancel(false);
      return op(
          began,
          result(events.status(), events.header("x-should-retry")),
          reply(events.status(), events.header("Retry-After")),
          run(events.header("x-clawster-run")),
          telling,
          told.toString());
    }
  }

  private String[] headers() {
    return key.map(k -> new String[] {"x-openclaw-session-key", session, "Idempotency-Key", k})
        .orElseGet(() -> new String[] {"x-openclaw-session-key", session});
  }

  private static Telling listen(Events events, StringBuilder told, Telling broken) {
    try {
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        if (event.get().isDone()) {
          return Telling.WHOLE;
        }
        if (event.get().json().has("error")) {
          return Telling.INTERRUPTED;
        }
        told.append(event.get().delta());
      }
    } catch (UncheckedIOException _) {
      return broken;
    }
    return broken;
  }

  /**
   * A 5xx may come from a node that does not know what has become of the message. What must not be
   * asked again was accepted, unless a bug says so.
   */
  private static Result result(int status, String shouldRetry) {
    if (status == 200 || status != 500 && shouldRetry.equals("false")) {
      return Result.ACKNOWLEDGED;
    }
    return status >= 500 ? Result.UNKNOWN : Result.REFUSED;
  }

  private static Reply reply(int status, String retryAfter) {
    return new Reply(status, !retryAfter.isEmpty());
  }

  private static Optional<String> run(String header) {
    return Optional.of(header).filter(text -> !text.isEmpty());
  }

  private Op op(
      long began, Result result, Reply reply, Optional<String> run, Telling telling, String told) {
    long ended = System.nanoTime();
    return new Op(session, number, marker(), began, ended, result, reply, run, telling, told);
  }

  /** For rows that send one message by hand; a node that is not there is waited for. */
  static Op once(RigNode node, String session, int number, String script) {
    return new Sender(session, number).once(node, script);
  }

  /** As above. */
  Op once(RigNode node, String script) {
    while (true) {
      node.awaitUp();
      var op =
          node.address().map(at -> Caller.of(at, "")).flatMap(edge -> send(edge, script, true));
      if (op.isPresent()) {
        if (op.get().telling() == Telling.BROKEN) {
          node.awaitEnding();
        }
        return op.get();
      }
    }
  }
}
