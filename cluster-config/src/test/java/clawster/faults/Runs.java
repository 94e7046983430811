package clawster.faults;

import clawster.faults.Stored.Journaled;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.SessionRules;
import clawster.runtime.sessions.SessionState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs as a journal tells of them. */
final class Runs {

  private static final SessionRules RULES = new SessionRules();

  private Runs() {}

  static Optional<String> ended(SessionEvent event) {
    return switch (event) {
      case SessionEvent.Completed e -> Optional.of(e.run().toString());
      case SessionEvent.Failed e -> Optional.of(e.run().toString());
      case SessionEvent.Aborted e -> Optional.of(e.run().toString());
      case SessionEvent.Absorbed e -> Optional.of(e.run().toString());
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

  /** Ids of the messages of the history these events make. */
  static List<String> history(List<Journaled> journal) {
    var state = RULES.initial();
    for (var row : journal) {
      state = RULES.evolve(state, row.event());
    }
    return state instanceof SessionState.Open open
        ? open.history().stream().map(Message::id).toList()
        : List.of();
  }

  /** The last run each session began, by session. */
  static Map<String, String> newest(Stored stored) {
    var newest = new HashMap<String, String>();
    stored
        .journals()
        .forEach(
            (session, journal) ->
                begun(journal).stream()
                    .max(Comparator.naturalOrder())
                    .ifPresent(run -> newest.put(session, run)));
    return newest;
  }

  /** In the order they were accepted. */
  static List<String> begun(List<Journaled> journal) {
    return journal.stream()
        .map(Journaled::event)
        .filter(SessionEvent.Accepted.class::isInstance)
        .map(accepted -> ((SessionEvent.Accepted) accepted).run().toString())
        .toList();
  }

  /** Whether every run has ended in the journal and in its log. */
  static boolean allEnded(Stored stored) {
    return stored.journals().values().stream()
        .allMatch(
            journal -> {
              var ended = journal.stream().flatMap(row -> ended(row.event()).stream()).toList();
              return begun(journal).stream()
                  .allMatch(
                      run ->
                          ended.contains(run)
                              && stored.logs().getOrDefault(run, List.of()).stream()
                                  .anyMatch(RunEntry::ends));
            });
  }

  /** What was answered to a message, step by step, as a caller is told it. */
  static String answer(List<Journaled> journal, Op op) {
    var run = op.run().orElseThrow();
    return journal.stream()
        .flatMap(row -> said(row.event(), run))
        .filter(message -> message.role() == Role.ASSISTANT)
        .map(Message::text)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  private static Stream<Message> said(SessionEvent event, String run) {
    return switch (event) {
      case SessionEvent.ToolsIntended e when e.run().toString().equals(run) ->
          Stream.of(e.message());
      case SessionEvent.Completed e when e.run().toString().equals(run) -> e.messages().stream();
      case SessionEvent.Failed e when e.run().toString().equals(run) -> e.messages().stream();
      case SessionEvent.Aborted e when e.run().toString().equals(run) -> e.messages().stream();
      default -> Stream.empty();
    };
  }
}
