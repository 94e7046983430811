package clawster.runtime.sessions;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionState.Absent;
import clawster.runtime.sessions.SessionState.Ended;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePVector;

/**
 * How an open session changes with each event. A draft of the next state, used once. Costs what the
 * event adds, not what the session remembers: a long journal is read with this.
 */
final class SessionEvolution {

  private final Open before;
  private int epoch;
  private SessionProfile profile;
  private TreePVector<Message> history;
  private Optional<Run> current;
  private List<Call> awaited;
  private final List<Run> waiting;
  private List<Ended> ended;
  private Usage usage;
  private long lastPromptTokens;

  SessionEvolution(Open before) {
    this.before = before;
    this.epoch = before.epoch();
    this.profile = before.profile();
    this.history = TreePVector.from(before.history());
    this.current = before.current();
    this.awaited = before.awaited();
    this.waiting = new ArrayList<>(before.waiting());
    this.ended = before.ended();
    this.usage = before.usage();
    this.lastPromptTokens = before.lastPromptTokens();
  }

  SessionState after(SessionEvent event) {
    switch (event) {
      case SessionEvent.Opened _ ->
          throw new IllegalStateException("an open session cannot be opened");
      case SessionEvent.Deleted _ -> {
        return new Absent(epoch);
      }
      case SessionEvent.Accepted e -> accept(e);
      case SessionEvent.Claimed e -> epoch = e.epoch();
      case SessionEvent.ToolsIntended e -> intend(e);
      case SessionEvent.ToolSettled e -> settle(e);
      case SessionEvent.Completed e -> complete(e);
      case SessionEvent.Failed e ->
          end(
              e.messages(),
              new Ended(
                  e.run(), Ended.How.FAILED, e.code() + ": " + e.reason(), "", usageOf(e.run())));
      case SessionEvent.Aborted e -> abort(e);
      case SessionEvent.Absorbed e -> absorb(e);
      case SessionEvent.AwaitedDropped e -> {
        history = history.plusAll(e.messages());
        awaited = List.of();
        startNext();
      }
      case SessionEvent.Patched e ->
          profile =
              new SessionProfile(
                  profile.key(),
                  profile.agent(),
                  profile.kept(),
                  profile.channel(),
                  profile.user(),
                  e.label(),
                  e.model(),
                  e.metadata(),
                  e.inputMode());
      case SessionEvent.Reset _ -> {
        history = TreePVector.empty();
        awaited = List.of();
        usage = Usage.NONE;
        lastPromptTokens = 0;
      }
    }
    return open(event.at());
  }

  private Open open(Instant updated) {
    return new Open(
        epoch,
        profile,
        history,
        current,
        awaited,
        waiting,
        ended,
        usage,
        lastPromptTokens,
        before.created(),
        updated);
  }

  private void accept(SessionEvent.Accepted e) {
    int steering = (int) waiting.stream().filter(Run::steering).count();
    waiting.add(
        e.steering() ? steering : waiting.size(),
        Run.accepted(e.run(), e.input(), e.spec(), e.steering()));
    startNext();
  }

  private void absorb(SessionEvent.Absorbed e) {
    for (var run : waiting) {
      if (run.id().equals(e.run())) {
        history = history.plusAll(run.input());
      }
    }
    waiting.removeIf(run -> run.id().equals(e.run()));
    remember(new Ended(e.run(), Ended.How.ABSORBED, e.into().toString(), "", Usage.NONE));
  }

  /** The first waiting run starts when nothing runs and its input may follow the history. */
  private void startNext() {
    if (current.isPresent()) {
      return;
    }
    for (var run : waiting) {
      if (awaited.isEmpty() || answersAwaited(run)) {
        waiting.remove(run);
        history = history.plusAll(run.input());
        awaited = List.of();
        current = Optional.of(Run.accepted(run.id(), List.of(), run.spec(), false));
        return;
      }
    }
  }

  private boolean answersAwaited(Run run) {
    return awaited.stream()
        .allMatch(call -> run.input().stream().anyMatch(m -> m.toolCallId().equals(call.id())));
  }

  private void intend(SessionEvent.ToolsIntended e) {
    history = history.plus(e.message());
    count(e.usage());
    current =
        current.map(
            run ->
                new Run(
                    run.id(),
                    run.input(),
                    run.spec(),
                    run.step(),
                    e.calls().stream().filter(call -> !call.isClient()).toList(),
                    e.calls().stream().filter(Call::isClient).toList(),
                    run.usage().plus(e.usage()),
                    false));
  }

  private void settle(SessionEvent.ToolSettled e) {
    history = history.plus(e.message());
    current = current.map(run -> withSettled(run, e.callId()));
  }

  private static Run withSettled(Run run, String callId) {
    var open = run.open().stream().filter(call -> !call.id().equals(callId)).toList();
    int step = open.isEmpty() && run.client().isEmpty() ? run.step() + 1 : run.step();
    return new Run(run.id(), run.input(), run.spec(), step, open, run.client(), run.usage(), false);
  }

  private void complete(SessionEvent.Completed e) {
    count(e.usage());
    awaited = e.awaited();
    var messageId = e.messages().isEmpty() ? lastCalls() : e.messages().getLast().id();
    end(
        e.messages(),
        new Ended(
            e.run(),
            Ended.How.COMPLETED,
            e.finishReason(),
            messageId,
            usageOf(e.run()).plus(e.usage())));
  }

  /** The id of the newest message that calls tools. */
  private String lastCalls() {
    return history.reversed().stream()
        .filter(message -> !message.toolCalls().isEmpty())
        .findFirst()
        .map(Message::id)
        .orElse("");
  }

  private void abort(SessionEvent.Aborted e) {
    var outcome = new Ended(e.run(), Ended.How.ABORTED, "", "", usageOf(e.run()));
    if (current.filter(run -> run.id().equals(e.run())).isPresent()) {
      end(e.messages(), outcome);
    } else {
      waiting.removeIf(run -> run.id().equals(e.run()));
      remember(outcome);
    }
  }

  private Usage usageOf(RunId run) {
    return current.filter(r -> r.id().equals(run)).map(Run::usage).orElse(Usage.NONE);
  }

  private void end(List<Message> messages, Ended outcome) {
    history = history.plusAll(messages);
    current = Optional.empty();
    remember(outcome);
    startNext();
  }

  private void remember(Ended outcome) {
    var all = SessionState.append(ended, List.of(outcome));
    ended = all.subList(Math.max(0, all.size() - Open.MAX_ENDED), all.size());
  }

  private void count(Usage more) {
    usage = usage.plus(more);
    if (more.promptTokens() > 0) {
      lastPromptTokens = more.promptTokens();
    }
  }
}
