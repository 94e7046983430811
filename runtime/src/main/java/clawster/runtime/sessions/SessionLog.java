package clawster.runtime.sessions;

import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.SessionState.Ended;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What journal events look like in a run log. The log follows the journal and never leads it. */
final class SessionLog {

  private SessionLog() {}

  /** The words an event adds to the log of its run. */
  static List<RunWord> words(SessionEvent event, SessionState after) {
    return switch (event) {
      case SessionEvent.Accepted _ ->
          List.of(new RunWord.Accepted(((Open) after).profile().key().value()));
      case SessionEvent.ToolsIntended e -> called(e.calls());
      case SessionEvent.ToolSettled e ->
          List.of(new RunWord.ToolSettled(e.callId(), e.message().text(), e.outcome().word()));
      case SessionEvent.Completed e -> completed(e, after);
      case SessionEvent.Failed e -> List.of(new RunWord.Failed(e.code(), e.reason()));
      case SessionEvent.Aborted _ -> List.of(new RunWord.Aborted());
      case SessionEvent.Absorbed e -> List.of(new RunWord.Absorbed(e.into()));
      case SessionEvent.Opened _,
          SessionEvent.Claimed _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          List.of();
    };
  }

  /** A word in the log of another run than the event's own. */
  record Aside(RunId run, RunWord word) {}

  /** What is said aside goes before the event's own words: those tell readers to look for it. */
  static Optional<Aside> aside(SessionEvent event) {
    return event instanceof SessionEvent.Absorbed(RunId run, RunId into, _)
        ? Optional.of(new Aside(into, new RunWord.Steered(run)))
        : Optional.empty();
  }

  private static List<RunWord> completed(SessionEvent.Completed e, SessionState after) {
    var words = new ArrayList<RunWord>();
    if (!e.messages().isEmpty()) {
      words.addAll(called(e.awaited()));
    }
    words.add(
        after instanceof Open open
            ? ending(open.ended(e.run()).orElseThrow())
            : new RunWord.Completed("", e.finishReason(), e.usage()));
    return words;
  }

  /** The last word of a run that ended while nobody could write it. */
  static RunWord ending(Ended ended) {
    return switch (ended.how()) {
      case COMPLETED -> new RunWord.Completed(ended.messageId(), ended.detail(), ended.usage());
      case FAILED -> {
        var parts = ended.detail().split(": ", 2);
        yield new RunWord.Failed(parts[0], parts[1]);
      }
      case ABORTED -> new RunWord.Aborted();
      case ABSORBED -> new RunWord.Absorbed(RunId.of(ended.detail()));
    };
  }

  static boolean hasEnded(List<RunEntry> entries) {
    return entries.stream().anyMatch(RunEntry::ends);
  }

  /** The run whose log an event belongs to; only for events that have words. */
  static RunId run(SessionEvent event) {
    return switch (event) {
      case SessionEvent.Accepted e -> e.run();
      case SessionEvent.ToolsIntended e -> e.run();
      case SessionEvent.ToolSettled e -> e.run();
      case SessionEvent.Completed e -> e.run();
      case SessionEvent.Failed e -> e.run();
      case SessionEvent.Aborted e -> e.run();
      case SessionEvent.Absorbed e -> e.run();
      case SessionEvent.Opened _,
          SessionEvent.Claimed _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          throw new IllegalArgumentException(
              event.getClass().getSimpleName() + " belongs to no run");
    };
  }

  /** The run an event ends. */
  static Optional<RunId> ended(SessionEvent event) {
    return switch (event) {
      case SessionEvent.Completed e -> Optional.of(e.run());
      case SessionEvent.Failed e -> Optional.of(e.run());
      case SessionEvent.Aborted e -> Optional.of(e.run());
      case SessionEvent.Absorbed e -> Optional.of(e.run());
      case SessionEvent.Opened _,
          SessionEvent.Accepted _,
          SessionEvent.Claimed _,
          SessionEvent.ToolsIntended _,
          SessionEvent.ToolSettled _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          Optional.empty();
    };
  }

  /** The runs these events abort. */
  static List<RunId> aborted(List<SessionEvent> events) {
    return events.stream()
        .filter(SessionEvent.Aborted.class::isInstance)
        .map(SessionLog::run)
        .toList();
  }

  /**
   * What the log of an open run lacks of the journal: its beginning, calls and their results, what
   * steered it.
   *
   * @param claim the events with which this owner took over
   */
  static List<RunWord> missing(
      List<RunEntry> entries, List<SessionEvent> claim, Open open, Run run) {
    var words = new ArrayList<RunWord>();
    if (entries.stream().noneMatch(e -> e.word() instanceof RunWord.Accepted)) {
      words.add(new RunWord.Accepted(open.profile().key().value()));
    }
    words.addAll(tools(entries, lastCalls(open, run), run.client(), claim));
    words.addAll(steered(entries, open, run.id()));
    return words;
  }

  /**
   * What the log of a run that is over lacks: what steered it, the end of its answer, calls,
   * results, its ending.
   *
   * @param claim the events with which this owner took over, if they ended it
   */
  static List<RunWord> rest(
      List<RunEntry> entries, List<SessionEvent> claim, Open open, Ended ended) {
    var words = new ArrayList<>(steered(entries, open, ended.run()));
    open.history().stream()
        .filter(message -> message.id().equals(ended.messageId()))
        .findFirst()
        .ifPresent(
            answer -> {
              words.addAll(unsaid(entries, answer));
              words.addAll(tools(entries, callsOf(answer, open), open.awaited(), claim));
            });
    words.add(ending(ended));
    return words;
  }

  /** What became part of this run without its log saying so. */
  private static List<RunWord> steered(List<RunEntry> entries, Open open, RunId run) {
    return open.ended().stream()
        .filter(end -> end.how() == Ended.How.ABSORBED && end.detail().equals(run.toString()))
        .<RunWord>map(end -> new RunWord.Steered(end.run()))
        .filter(word -> entries.stream().noneMatch(entry -> entry.word().equals(word)))
        .toList();
  }

  /** Only the text of a last answer leaves the session without being waited for. */
  private static List<RunWord> unsaid(List<RunEntry> entries, Message answer) {
    var text = new StringBuilder();
    var reasoning = new StringBuilder();
    boolean interrupted = !answer.toolCalls().isEmpty();
    for (var entry : entries) {
      switch (entry.word()) {
        case RunWord.Text(String piece) -> text.append(piece);
        case RunWord.Reasoning(String piece) -> reasoning.append(piece);
        case RunWord.Interrupted _ -> interrupted = true;
        case RunWord.ToolCalled _, RunWord.ToolSettled _ -> {
          text.setLength(0);
          reasoning.setLength(0);
        }
        case RunWord.Accepted _,
            RunWord.Claimed _,
            RunWord.Steered _,
            RunWord.Recovered _,
            RunWord.Ending _ -> {}
      }
    }
    var words = new ArrayList<RunWord>();
    if (!interrupted) {
      after(reasoning, answer.thinking()).map(RunWord.Reasoning::new).ifPresent(words::add);
      after(text, answer.text()).map(RunWord.Text::new).ifPresent(words::add);
    }
    return words;
  }

  private static Optional<String> after(CharSequence said, String all) {
    return all.length() > said.length() && all.startsWith(said.toString())
        ? Optional.of(all.substring(said.length()))
        : Optional.empty();
  }

  /**
   * What the log lacks of calls and results.
   *
   * @param messages the calls' message and the results that follow it
   * @param client the calls that the client runs
   */
  private static List<RunWord> tools(
      List<RunEntry> entries, List<Message> messages, List<Call> client, List<SessionEvent> claim) {
    var called = new HashSet<String>();
    var settled = new HashSet<String>();
    for (var entry : entries) {
      switch (entry.word()) {
        case RunWord.ToolCalled call -> called.add(call.id());
        case RunWord.ToolSettled result -> settled.add(result.id());
        case RunWord.Accepted _,
            RunWord.Claimed _,
            RunWord.Text _,
            RunWord.Reasoning _,
            RunWord.Steered _,
            RunWord.Recovered _,
            RunWord.Interrupted _,
            RunWord.Ending _ -> {}
      }
    }
    var words = new ArrayList<RunWord>();
    for (var message : messages) {
      message.toolCalls().stream()
          .filter(call -> called.add(call.id()))
          .forEach(call -> words.add(called(call, client)));
      if (called.contains(message.toolCallId()) && settled.add(message.toolCallId())) {
        words.add(
            new RunWord.ToolSettled(
                message.toolCallId(), message.text(), outcome(message.toolCallId(), claim)));
      }
    }
    return words;
  }

  /** The newest message of this run that has calls, and the results that follow it. */
  private static List<Message> lastCalls(Open open, Run run) {
    var history = open.history();
    int last = history.size() - 1;
    while (last >= 0 && history.get(last).toolCalls().isEmpty()) {
      last--;
    }
    return last < 0 || run.step() == 0 && run.open().isEmpty()
        ? List.of()
        : history.subList(last, history.size());
  }

  private static List<Message> callsOf(Message answer, Open open) {
    int next = open.history().indexOf(answer) + 1;
    var results =
        open.history().stream().skip(next).takeWhile(message -> message.role() == Role.TOOL);
    return Stream.concat(Stream.of(answer), results).toList();
  }

  private static RunWord called(ModelMessage.ToolCall call, List<Call> client) {
    boolean theirs = client.stream().anyMatch(c -> c.id().equals(call.id()));
    return new RunWord.ToolCalled(call.id(), call.name(), call.arguments(), theirs);
  }

  private static List<RunWord> called(List<Call> calls) {
    return calls.stream()
        .<RunWord>map(
            call ->
                new RunWord.ToolCalled(call.id(), call.name(), call.arguments(), call.isClient()))
        .toList();
  }

  /** How a call ended that had not when its run was claimed; of others only that is known. */
  private static String outcome(String call, List<SessionEvent> claim) {
    return claim.stream()
        .filter(SessionEvent.ToolSettled.class::isInstance)
        .map(SessionEvent.ToolSettled.class::cast)
        .filter(settled -> settled.callId().equals(call))
        .findFirst()
        .map(settled -> settled.outcome().word())
        .orElse("settled");
  }
}
