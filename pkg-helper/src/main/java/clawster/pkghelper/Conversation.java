package clawster.pkghelper;

import clawster.packages.FailureCode;
import clawster.packages.LineChannel;
import clawster.packages.LineChannel.Read;
import clawster.packages.NameRule;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.Reply;
import clawster.packages.ReplyLine;
import clawster.packages.RequestLine;
import clawster.packages.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One connection: requests are answered in turn until nothing comes, in time, that could be one.
 * What has begun is brought to its end, also when nobody is there to hear of it.
 */
final class Conversation {

  private final LineChannel lines;
  private final String peer;
  private final NameRule names;
  private final Operations operations;
  private final Duration toAsk;
  private final Audit audit;

  private boolean heard = true;

  /** While there is one, another thread may tell progress, and ours neither reads nor writes. */
  private Optional<Patience> working = Optional.empty();

  Conversation(
      LineChannel lines,
      String peer,
      NameRule names,
      Operations operations,
      Duration toAsk,
      Audit audit) {
    this.lines = lines;
    this.peer = peer;
    this.names = names;
    this.operations = operations;
    this.toAsk = toAsk;
    this.audit = audit;
  }

  void hold() throws IOException {
    while (heard) {
      switch (lines.read(toAsk)) {
        case Read.Line(var text) -> tell(answer(text));
        case Read.Unreadable _ -> {
          note("request.refused", "why", "line too long, or not UTF-8");
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
    var read = RequestLine.read(text);
    if (read.isEmpty()) {
      note("request.refused", "why", "invalid json");
      return new Reply.Failed(FailureCode.VALIDATION, "invalid json");
    }
    var request = read.get();
    return switch (Verdict.of(names, request)) {
      case Order order -> order.action().isChanging() ? change(order) : perform(order);
      case Reply.Failed refusal -> {
        var why = refusal.error();
        note("request.refused", "why", why, "action", request.action(), "package", request.name());
        yield refusal;
      }
    };
  }

  private Reply change(Order order) {
    var action = order.action().wire();
    var name = order.name().map(PackageName::text).orElse("");
    note("change.asked", "action", action, "package", name);
    var reply = perform(order);
    var result = reply instanceof Reply.Failed(var code, _) ? code.wire() : "ok";
    var error = reply instanceof Reply.Failed(_, var said) ? said : "";
    note("change.ended", "action", action, "package", name, "result", result, "error", error);
    return reply;
  }

  private void note(String event, String... fields) {
    audit.note(
        event, Stream.concat(Stream.of("peer", peer), Stream.of(fields)).toArray(String[]::new));
  }

  private Reply perform(Order order) {
    work(Optional.of(new Patience(System::nanoTime)));
    var reply = operations.perform(order, order.progress() ? this::progress : _ -> {});
    work(Optional.empty());
    return reply;
  }

  private synchronized void work(Optional<Patience> working) {
    this.working = working;
  }

  private synchronized void progress(String line) {
    if (heard && working.isPresent()) {
      var reply = ReplyLine.write(new Reply.Progress(line));
      send(() -> working.get().with(within -> lines.write(reply, within)));
    }
  }

  private synchronized void tell(Reply reply) {
    if (heard) {
      send(() -> lines.write(ReplyLine.write(reply), Limits.REPLY));
    }
  }

  @FunctionalInterface
  private interface Sending {
    boolean isTaken() throws IOException;
  }

  /** Who did not take a line in time, or whole, gets no other. */
  private void send(Sending line) {
    try {
      heard = line.isTaken();
    } catch (IOException _) {
      heard = false;
    }
  }
}
