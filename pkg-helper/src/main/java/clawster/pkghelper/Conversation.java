package clawster.pkghelper;

import clawster.packages.FailureCode;
import clawster.packages.LineChannel;
import clawster.packages.LineChannel.Read;
import clawster.packages.NameRule;
import clawster.packages.Order;
import clawster.packages.Reply;
import clawster.packages.ReplyLine;
import clawster.packages.Request;
import clawster.packages.RequestLine;
import clawster.packages.Verdict;
import java.io.IOException;
import java.time.Duration;

/**
 * One connection: requests are answered in turn until nothing comes, in time, that could be one.
 * What has begun is brought to its end, also when nobody is there to hear of it.
 */
final class Conversation {

  private final LineChannel lines;
  private final String peer;
  private final NameRule names;
  private final Operations operations;
  private final Duration patience;
  private final Audit audit;

  private boolean heard = true;

  /** While it is, another thread may tell progress, and ours neither reads nor writes. */
  private boolean working;

  /** What is left of {@link Limits#ALL_PROGRESS}, in nanoseconds. */
  private long patienceWithProgress;

  Conversation(
      LineChannel lines,
      String peer,
      NameRule names,
      Operations operations,
      Duration patience,
      Audit audit) {
    this.lines = lines;
    this.peer = peer;
    this.names = names;
    this.operations = operations;
    this.patience = patience;
    this.audit = audit;
  }

  void hold() throws IOException {
    while (heard) {
      switch (lines.read(patience)) {
        case Read.Line(var text) -> tell(answer(text));
        case Read.Unreadable _ -> {
          audit.note("request.refused", "peer", peer, "why", "line too long, or not UTF-8");
          tell(new Reply.Failed(FailureCode.VALIDATION, "invalid line"));
          return;
        }
        case Read.Late _, Read.End _ -> {
          return;
        }
      }
    }
  }

  private Reply answer(String text) {
    var request = RequestLine.read(text);
    if (request.isEmpty()) {
      audit.note("request.refused", "peer", peer, "why", "invalid json");
      return new Reply.Failed(FailureCode.VALIDATION, "invalid json");
    }
    return switch (Verdict.of(names, request.get())) {
      case Order order -> perform(order);
      case Reply.Failed refusal -> {
        refused(request.get(), refusal);
        yield refusal;
      }
    };
  }

  private void refused(Request request, Reply.Failed refusal) {
    audit.note(
        "request.refused",
        "peer",
        peer,
        "why",
        refusal.error(),
        "action",
        request.action(),
        "package",
        request.name());
  }

  private Reply perform(Order order) {
    if (order.action().isChanging()) {
      note("change.asked", order);
    }
    work(true);
    var reply = operations.perform(order, order.progress() ? this::progress : _ -> {});
    work(false);
    if (order.action().isChanging()) {
      note("change.ended", order, reply);
    }
    return reply;
  }

  private void note(String event, Order order) {
    audit.note(event, "peer", peer, "action", order.action().wire(), "package", named(order));
  }

  private void note(String event, Order order, Reply reply) {
    audit.note(
        event,
        "peer",
        peer,
        "action",
        order.action().wire(),
        "package",
        named(order),
        "result",
        reply instanceof Reply.Failed(var code, _) ? code.wire() : "ok",
        "error",
        reply instanceof Reply.Failed(_, var error) ? error : "");
  }

  private static String named(Order order) {
    return order.name().map(Object::toString).orElse("");
  }

  private synchronized void work(boolean working) {
    this.working = working;
    patienceWithProgress = Limits.ALL_PROGRESS.toNanos();
  }

  private synchronized void progress(String line) {
    if (working) {
      long began = System.nanoTime();
      send(
          new Reply.Progress(line), least(Limits.PROGRESS, Duration.ofNanos(patienceWithProgress)));
      patienceWithProgress -= System.nanoTime() - began;
      heard &= patienceWithProgress > 0;
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private synchronized void tell(Reply reply) {
    send(reply, Limits.REPLY);
  }

  /** Who did not take a line in time, or whole, gets no other. */
  private void send(Reply reply, Duration within) {
    if (!heard) {
      return;
    }
    try {
      heard = lines.write(ReplyLine.write(reply), within);
    } catch (IOException _) {
      heard = false;
    }
  }
}
