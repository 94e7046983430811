package clawster.runtime.sessions;

import clawster.runtime.models.ModelMessage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.SessionState.Ended;
import clawster.runtime.sessions.SessionState.Run;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What journal events look like in a run log. The log follows the journal and never leads it. */
final class SessionLog {

  private SessionLog() {}

  /** The words an event adds to the log of its run. */
  static List<RunWord> words(SessionEvent event, SessionState after) {
    return switch (event) {
      case SessionEvent.Accepted _ ->
          List.of(new RunWord.Accepted(((SessionState.Open) after).profile().key().value()));
      case SessionEvent.ToolsIntended e -> called(e.calls());
      case SessionEvent.ToolSettled e ->
          List.of(
              new RunWord.ToolSettled(
                  e.callId(), e.message().text(), e.outcome().name().toLowerCase(Locale.ROOT)));
      case SessionEvent.Completed e -> completed(e, after);
      case SessionEvent.Failed e -> List.of(new RunWord.Failed(e.code(), e.reason()));
      case SessionEvent.Aborted _ -> List.of(new RunWord.Aborted());
      case SessionEvent.Opened _,
          SessionEvent.Claimed _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          List.of();
    };
  }

  private static List<RunWord> completed(SessionEvent.Completed e, SessionState after) {
    var words = new ArrayList<RunWord>();
    if (!e.messages().isEmpty()) {
      words.addAll(called(e.awaited()));
    }
    words.add(
        after instanceof SessionState.Open open
            ? open.ended().stream()
                .filter(ended -> ended.run().equals(e.run()))
                .findFirst()
                .<RunWord>map(SessionLog::ending)
                .orElseThrow()
            : new RunWord.Completed("", e.finishReason(), e.usage()));
    return words;
  }

  private static List<RunWord> called(List<Call> calls) {
    return calls.stream()
        .<RunWord>map(
            call ->
                new RunWord.ToolCalled(call.id(), call.name(), call.arguments(), call.isClient()))
        .toList();
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
    };
  }

  static boolean hasEnded(List<RunEntry> entries) {
    return !entries.isEmpty() && entries.getLast().ends();
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
      case SessionEvent.Opened _,
          SessionEvent.Claimed _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          throw new IllegalArgumentException("belongs to no run: " + event);
    };
  }

  /** The run an event ends. */
  static Optional<RunId> ended(SessionEvent event) {
    return switch (event) {
      case SessionEvent.Completed e -> Optional.of(e.run());
      case SessionEvent.Failed e -> Optional.of(e.run());
      case SessionEvent.Aborted e -> Optional.of(e.run());
      default -> Optional.empty();
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
   * What the log of an open run lacks of the journal: its beginning, calls and their results.
   *
   * @param claim the events with which this owner took over
   */
  static List<RunWord> missing(
      List<RunEntry> entries, List<SessionEvent> claim, SessionState.Open open, Run run) {
    var words = new ArrayList<RunWord>();
    if (entries.stream().noneMatch(e -> e.word() instanceof RunWord.Accepted)) {
      words.add(new RunWord.Accepted(open.profile().key().value()));
    }
    var called = new HashSet<String>();
    var settled = new HashSet<String>();
    for (var entry : entries) {
      switch (entry.word()) {
        case RunWord.ToolCalled call -> called.add(call.id());
        case RunWord.ToolSettled result -> settled.add(result.id());
        default -> {}
      }
    }
    for (var message : lastCalls(open, run)) {
      message.toolCalls().stream()
          .filter(call -> called.add(call.id()))
          .forEach(call -> words.add(called(call, run)));
      if (called.contains(message.toolCallId()) && settled.add(message.toolCallId())) {
        words.add(
            new RunWord.ToolSettled(
                message.toolCallId(), message.text(), outcome(message.toolCallId(), claim)));
      }
    }
    return words;
  }

  /** The newest message of this run that has calls, and the results that follow it. */
  private static List<Message> lastCalls(SessionState.Open open, Run run) {
    var history = open.history();
    int last = history.size() - 1;
    while (last >= 0 && history.get(last).toolCalls().isEmpty()) {
      last--;
    }
    return last < 0 || run.step() == 0 && run.open().isEmpty()
        ? List.of()
        : history.subList(last, history.size());
  }

  private static RunWord called(ModelMessage.ToolCall call, Run run) {
    boolean client = run.client().stream().anyMatch(c -> c.id().equals(call.id()));
    return new RunWord.ToolCalled(call.id(), call.name(), call.arguments(), client);
  }

  /** How a call ended that had not when its run was claimed; of others only that is known. */
  private static String outcome(String call, List<SessionEvent> claim) {
    return claim.stream()
        .filter(
            event ->
                event instanceof SessionEvent.ToolSettled settled && settled.callId().equals(call))
        .findFirst()
        .map(event -> ((SessionEvent.ToolSettled) event).outcome().name().toLowerCase(Locale.ROOT))
        .orElse("settled");
  }
}
