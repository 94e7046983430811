package clawster.runtime.sessions;

import clawster.runtime.kernel.Failures;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunGone;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLog;
import clawster.runtime.runs.RunPlace;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.SessionState.Ended;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What leaves a session once its events are persisted: words in run logs and its line in the list.
 * It follows the journal, and what a crash kept from leaving is made up for when the run is claimed
 * or woken.
 */
final class SessionOutput {

  /** A change is acknowledged after this long although the list may not show it yet. */
  private static final long SHOWN_MILLIS = 2_000;

  private final SessionId id;
  private final RunLog log;
  private final SessionDirectory directory;
  private final ActorRef<SessionBell.Command> bell;

  /** Runs whose ending is on its way into their logs: whoever wakes them has nothing to do. */
  private final Set<RunId> ending = ConcurrentHashMap.newKeySet();

  /** Runs whose logs are open here. */
  private final Set<RunId> written = ConcurrentHashMap.newKeySet();

  private volatile boolean listed;

  /**
   * What came of claiming.
   *
   * @param said what the current run's log shows of its step
   * @param gone open runs whose logs have had their time
   */
  record Claimed(Said said, List<RunId> gone) {
    Claimed {
      gone = List.copyOf(gone);
    }

    Claimed without(RunId run) {
      return new Claimed(said, SessionState.append(gone, List.of(run)));
    }
  }

  SessionOutput(SessionId id, SessionParts parts) {
    this.id = id;
    this.log = parts.log();
    this.directory = parts.directory();
    this.bell = parts.bell();
  }

  /**
   * Starts the log of a run that is about to be accepted.
   *
   * @param revision journal sequence of the event to come
   */
  void open(RunId run, int epoch, long revision) {
    written.add(run);
    log.open(run, epoch, RunPlace.of(id.value(), revision, 0));
  }

  /**
   * Completes when whoever caused the events may hear of it: at once for new input, and else when
   * the list shows what happened, or would have to be waited for too long.
   *
   * @param revision journal sequence of the last event
   */
  CompletionStage<Void> follow(
      List<SessionEvent> events, SessionState before, SessionState after, long revision) {
    int step = step(before);
    CompletionStage<Void> shown =
        events.stream().anyMatch(SessionOutput::changesList)
            ? show(before, after, revision)
            : CompletableFuture.completedStage(null);
    for (var event : events) {
      SessionLog.aside(event).ifPresent(aside -> log.append(aside.run(), step, aside.word()));
      var last = append(SessionLog.words(event, after), event, step);
      if (event instanceof SessionEvent.Accepted accepted) {
        last.thenRun(() -> bell.tell(new SessionBell.Ring(id, accepted.run())));
      }
      SessionLog.ended(event).ifPresent(run -> closeAfter(last, run));
    }
    return events.stream().anyMatch(SessionEvent.Accepted.class::isInstance)
        ? CompletableFuture.completedStage(null)
        : shown.toCompletableFuture().copy().orTimeout(SHOWN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private CompletionStage<Long> append(List<RunWord> words, SessionEvent event, int step) {
    CompletionStage<Long> last = CompletableFuture.completedStage(0L);
    for (var word : words) {
      last = log.append(SessionLog.run(event), step, word);
    }
    return last;
  }

  private void closeAfter(CompletionStage<Long> last, RunId run) {
    ending.add(run);
    last.whenComplete((_, _) -> ending.remove(run));
    close(run);
  }

  private static boolean changesList(SessionEvent event) {
    return switch (event) {
      case SessionEvent.Opened opened -> opened.profile().kept();
      case SessionEvent.Completed _,
          SessionEvent.Failed _,
          SessionEvent.Aborted _,
          SessionEvent.AwaitedDropped _,
          SessionEvent.Patched _,
          SessionEvent.Reset _,
          SessionEvent.Deleted _ ->
          true;
      case SessionEvent.Accepted _,
          SessionEvent.Claimed _,
          SessionEvent.ToolsIntended _,
          SessionEvent.ToolSettled _,
          SessionEvent.Absorbed _ ->
          false;
    };
  }

  private static int step(SessionState state) {
    return state instanceof Open open ? open.current().map(Run::step).orElse(0) : 0;
  }

  private CompletionStage<Void> show(SessionState before, SessionState after, long revision) {
    listed = true;
    if (after instanceof Open open) {
      return directory.show(summary(open, revision));
    }
    return before instanceof Open open
        ? directory.hide(summary(open, revision))
        : CompletableFuture.completedStage(null);
  }

  private SessionDirectory.Summary summary(Open open, long revision) {
    return new SessionDirectory.Summary(
        id,
        revision,
        open.profile(),
        open.history().size(),
        open.usage().promptTokens(),
        open.usage().completionTokens(),
        open.lastPromptTokens(),
        open.created(),
        open.updated());
  }

  /**
   * After recovery: makes the logs of all open runs ours, which fences whoever wrote them before,
   * adds what they lack of the journal, and shows the session as it is. Rings for them: whoever
   * accepted them may not have come to it. Ends the logs of those that ended with the take-over.
   *
   * @param events how this owner took over
   */
  CompletionStage<Claimed> claim(List<SessionEvent> events, Open open, long revision) {
    show(open, open, revision);
    events.stream()
        .flatMap(event -> SessionLog.ended(event).stream())
        .forEach(run -> end(events, open, revision, run));
    var claimed = CompletableFuture.completedStage(new Claimed(Said.NOTHING, List.of()));
    var runs = SessionState.append(open.current().stream().toList(), open.waiting());
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      var place = RunPlace.of(id.value(), revision, i + 1);
      claimed = claimed.thenCompose(before -> claim(events, open, run, place, before));
    }
    return claimed;
  }

  private CompletionStage<Claimed> claim(
      List<SessionEvent> events, Open open, Run run, RunPlace place, Claimed before) {
    return log.claim(run.id(), open.epoch(), place)
        .thenApply(
            entries -> {
              written.add(run.id());
              bell.tell(new SessionBell.Ring(id, run.id()));
              SessionLog.missing(entries, events, open, run)
                  .forEach(word -> log.append(run.id(), run.step(), word));
              return isCurrent(open, run)
                  ? new Claimed(Said.of(entries, run.step()), before.gone())
                  : before;
            })
        .exceptionallyCompose(
            failure ->
                isGone(failure)
                    ? CompletableFuture.completedStage(before.without(run.id()))
                    : CompletableFuture.failedStage(failure));
  }

  private static boolean isCurrent(Open open, Run run) {
    return open.current().filter(run::equals).isPresent();
  }

  private static boolean isGone(Throwable failure) {
    return Failures.cause(failure) instanceof RunGone;
  }

  /** These runs are over and have no log any more that could say so. */
  void forget(List<RunId> gone) {
    gone.forEach(directory::settle);
  }

  /** Its open runs are somebody else's from here on, and so is its line. */
  void leave() {
    listed = false;
    written.forEach(log::release);
    written.clear();
  }

  private void close(RunId run) {
    log.close(run);
    written.remove(run);
  }

  /**
   * Sends the session's line unless it has been sent since the journal was read: a crash may have
   * kept it from leaving.
   */
  CompletionStage<Void> list(SessionState state, long revision) {
    if (listed || revision == 0) {
      return CompletableFuture.completedStage(null);
    }
    listed = true;
    var sent =
        switch (state) {
          case Open open -> directory.show(summary(open, revision));
          case SessionState.Absent _ -> directory.hide(id, revision);
        };
    return sent.whenComplete((_, failure) -> listed = failure == null);
  }

  /**
   * Ends the log of a run that is over in the journal, should the node have died in between. A run
   * that the session does not know any more, or that went with it, counts as aborted.
   *
   * @param claim the events with which this owner took over, if they ended it
   * @param revision journal sequence of the last event
   */
  void end(List<SessionEvent> claim, SessionState state, long revision, RunId run) {
    if (ending.add(run)) {
      var place = RunPlace.of(id.value(), revision, 0);
      log.read(run, 0, Integer.MAX_VALUE)
          .thenCompose(entries -> end(entries, claim, state, place, run))
          .whenComplete((_, _) -> ending.remove(run));
    }
  }

  private CompletionStage<?> end(
      List<RunEntry> entries,
      List<SessionEvent> claim,
      SessionState state,
      RunPlace place,
      RunId run) {
    if (SessionLog.hasEnded(entries) || rest(entries, claim, state, run).isEmpty()) {
      directory.settle(run);
      return CompletableFuture.completedStage(null);
    }
    return log.claim(run, state.epoch(), place)
        .thenCompose(claimed -> close(claimed, claim, state, run))
        .exceptionally(
            failure -> {
              if (isGone(failure)) {
                directory.settle(run);
              }
              return null;
            });
  }

  /** Only now is known what the log lacks: until the claim its earlier owner could write. */
  private CompletionStage<Long> close(
      List<RunEntry> entries, List<SessionEvent> claim, SessionState state, RunId run) {
    CompletionStage<Long> last = CompletableFuture.completedStage(0L);
    if (SessionLog.hasEnded(entries)) {
      directory.settle(run);
    } else {
      for (var word : rest(entries, claim, state, run)) {
        last = log.append(run, 0, word);
      }
    }
    log.close(run);
    return last;
  }

  private static List<RunWord> rest(
      List<RunEntry> entries, List<SessionEvent> claim, SessionState state, RunId run) {
    var ended = state instanceof Open open ? open.ended(run) : Optional.<Ended>empty();
    return ended.isPresent()
        ? SessionLog.rest(entries, claim, (Open) state, ended.get())
        : entries.isEmpty() ? List.of() : List.of(new RunWord.Aborted());
  }
}
