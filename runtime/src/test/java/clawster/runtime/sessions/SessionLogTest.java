package clawster.runtime.sessions;

import static clawster.runtime.sessions.Some.again;
import static clawster.runtime.sessions.Some.answer;
import static clawster.runtime.sessions.Some.client;
import static clawster.runtime.sessions.Some.once;
import static clawster.runtime.sessions.Some.run;
import static clawster.runtime.sessions.Some.settle;
import static clawster.runtime.sessions.Some.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionLogTest {

  private static final RunWord ACCEPTED = new RunWord.Accepted("agent:writer:desk");
  private static final RunWord CLAIMED = new RunWord.Claimed();

  @Test
  void eachEventHasItsWords() {
    says(Told.given(submit(1)), ACCEPTED);
    says(
        Told.given(submit(1), answer(1, 0, "see", once("a"), client("b"))),
        called(once("a"), false),
        called(client("b"), true));
    says(
        Told.given(submit(1), answer(1, 0, "see", again("a"), again("b")), settle(1, again("a"))),
        new RunWord.ToolSettled("a", "done", "ok"));
    says(Told.given(submit(1), answer(1, 0, "Hello")), completed("Hello", "stop", Some.USAGE));
    says(
        Told.given(submit(1), answer(1, 0, "", client("b"))),
        called(client("b"), true),
        new RunWord.Completed(Some.assistant("", client("b")).id(), "tool_calls", Some.USAGE));
    says(
        Told.given(submit(1), Some.fail(1, 0, Optional.empty())),
        new RunWord.Failed("upstream.timeout", "no token for 60 s"));
    says(Told.given(submit(1), Some.abort(1)), new RunWord.Aborted());
    for (var quiet : List.of(Some.label("x"), Some.reset())) {
      says(Told.given(submit(1), answer(1, 0, "Hello"), quiet));
    }
  }

  @Test
  void callsOfTheClientAreToldOnceWhenToolsRanHereBeforehand() {
    says(
        Told.given(submit(1), answer(1, 0, "see", again("a"), client("b")), settle(1, again("a"))),
        new RunWord.ToolSettled("a", "done", "ok"),
        new RunWord.Completed(
            Some.assistant("see", again("a"), client("b")).id(), "tool_calls", Some.USAGE));
  }

  @Test
  void aRunThatEndedWithCallsAsItWasClaimedGetsCallsAndResults() {
    var told =
        Told.given(submit(1), answer(1, 0, "see", once("a"), client("b"))).when(Some.claim());
    var open = told.open();
    var ended = open.ended(run(1)).orElseThrow();
    assertEquals(
        List.of(
            called(once("a"), false),
            called(client("b"), true),
            new RunWord.ToolSettled("a", open.history().getLast().text(), "unknown"),
            SessionLog.ending(ended)),
        SessionLog.rest(
            log(ACCEPTED, new RunWord.Text("see"), CLAIMED), told.events(), open, ended));
  }

  @Test
  void theEndTellsTheUsageOfAllSteps() {
    says(
        Told.given(
            submit(1), answer(1, 0, "see", again("a")), settle(1, again("a")), answer(1, 1, "so")),
        completed("so", "stop", Some.USAGE.plus(Some.USAGE)));
  }

  @Test
  void anEndCanBeToldLater() {
    var completed = Told.given(submit(1), answer(1, 0, "Hello"));
    var failed = Told.given(submit(1), Some.fail(1, 0, Optional.empty()));
    var aborted = Told.given(submit(1), Some.abort(1));
    for (var told : List.of(completed, failed, aborted)) {
      assertEquals(words(told).getLast(), SessionLog.ending(told.open().ended().getFirst()));
    }
  }

  @Test
  void aReasonMayHoldAnything() {
    for (var reason : List.of("", "a: b: c", " : ")) {
      var told =
          Told.given(
              submit(1),
              new SessionCommand.FailModel(
                  run(1), 0, "upstream.refused", reason, Optional.empty(), Some.NOON));
      assertEquals(
          new RunWord.Failed("upstream.refused", reason),
          SessionLog.ending(told.open().ended().getFirst()));
    }
  }

  @Test
  void whatEndsARunIsKnown() {
    var ending = Told.given(submit(1), submit(2), Some.abortAll()).events();
    assertEquals(
        List.of(run(2), run(1)),
        ending.stream().flatMap(event -> SessionLog.ended(event).stream()).toList());
    assertEquals(List.of(run(2), run(1)), SessionLog.aborted(ending));
    var completion = Told.given(submit(1), answer(1, 0, "Hello")).events();
    assertEquals(Optional.of(run(1)), SessionLog.ended(completion.getFirst()));
    assertEquals(List.of(), SessionLog.aborted(completion));
    var acceptance = Told.given(submit(1)).events().getLast();
    assertEquals(Optional.empty(), SessionLog.ended(acceptance));
    assertEquals(run(1), SessionLog.run(acceptance));
  }

  @Test
  void whatHasNoWordsBelongsToNoRun() {
    var reset = new SessionEvent.Reset(Some.NOON);
    assertThrows(IllegalArgumentException.class, () -> SessionLog.run(reset));
  }

  @Test
  void whatSteeredARunIsToldThereBeforeItIsToldHere() {
    var told =
        Told.given(submit(1), answer(1, 0, "", again("a")), Some.steer(2), settle(1, again("a")));
    says(told, new RunWord.ToolSettled("a", "done", "ok"), new RunWord.Absorbed(run(1)));
    var absorbed = told.events().getLast();
    assertEquals(run(2), SessionLog.run(absorbed));
    assertEquals(Optional.of(run(2)), SessionLog.ended(absorbed));
    assertEquals(
        Optional.of(new SessionLog.Aside(run(1), new RunWord.Steered(run(2)))),
        SessionLog.aside(absorbed));
    assertEquals(Optional.empty(), SessionLog.aside(told.events().getFirst()));
    assertEquals(
        new RunWord.Absorbed(run(1)), SessionLog.ending(told.open().ended(run(2)).orElseThrow()));
  }

  @Test
  void aLogGetsWhatSteeredItOnce() {
    var settled = new RunWord.ToolSettled("a", "done", "ok");
    var steered = new RunWord.Steered(run(2));
    lacks(steered(), log(ACCEPTED, called(again("a"), false), settled, CLAIMED), steered);
    lacks(steered(), log(ACCEPTED, called(again("a"), false), settled, steered, CLAIMED));
  }

  @Test
  void aLogThatEndedGetsWhatSteeredItBeforeTheAnswer() {
    var open = steered().when(answer(1, 1, "both")).open();
    var settled = new RunWord.ToolSettled("a", "done", "ok");
    assertEquals(
        List.of(
            new RunWord.Steered(run(2)),
            new RunWord.Text("both"),
            completed("both", "stop", Some.USAGE.plus(Some.USAGE))),
        SessionLog.rest(
            log(ACCEPTED, called(again("a"), false), settled, CLAIMED),
            List.of(),
            open,
            open.ended(run(1)).orElseThrow()));
    assertEquals(
        List.of(new RunWord.Absorbed(run(1))),
        SessionLog.rest(log(ACCEPTED, CLAIMED), List.of(), open, open.ended(run(2)).orElseThrow()));
  }

  private static Told steered() {
    return Told.given(
        submit(1), answer(1, 0, "", again("a")), Some.steer(2), settle(1, again("a")));
  }

  @Test
  void whatWasSaidIsInNoException() {
    var patched = new SessionEvent.Patched("a secret", "", Map.of(), InputMode.QUEUE, Some.NOON);
    var homeless = assertThrows(IllegalArgumentException.class, () -> SessionLog.run(patched));
    assertFalse(homeless.getMessage().contains("secret"));
    var rules = new SessionRules();
    var early =
        assertThrows(IllegalStateException.class, () -> rules.evolve(rules.initial(), patched));
    assertFalse(early.getMessage().contains("secret"));
  }

  @Test
  void aLogThatLacksNothingGetsNothing() {
    lacks(Told.given(submit(1)), log(ACCEPTED));
    lacks(Told.given(submit(1)), log(ACCEPTED, new RunWord.Text("Hel"), CLAIMED));
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a"))),
        log(ACCEPTED, new RunWord.Text("see"), called(again("a"), false), CLAIMED));
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a")), settle(1, again("a"))),
        log(
            ACCEPTED,
            called(again("a"), false),
            new RunWord.ToolSettled("a", "done", "ok"),
            CLAIMED));
  }

  @Test
  void aLogGetsTheBeginningItLacks() {
    lacks(Told.given(submit(1)), log(CLAIMED), ACCEPTED);
  }

  @Test
  void aLogGetsTheCallsItLacks() {
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a"), client("b"))),
        log(ACCEPTED, new RunWord.Text("see"), CLAIMED),
        called(again("a"), false),
        called(client("b"), true));
  }

  @Test
  void aLogGetsTheResultsItLacks() {
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a"), again("b")), settle(1, again("a"))),
        log(ACCEPTED, called(again("a"), false), called(again("b"), false), CLAIMED),
        new RunWord.ToolSettled("a", "done", "settled"));
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a")), settle(1, again("a"))),
        log(ACCEPTED, called(again("a"), false), CLAIMED),
        new RunWord.ToolSettled("a", "done", "settled"));
  }

  @Test
  void aLogGetsCallAndResultWhereItLacksBoth() {
    lacks(
        Told.given(submit(1), answer(1, 0, "see", again("a")), settle(1, again("a"))),
        log(ACCEPTED, new RunWord.Text("see"), CLAIMED),
        called(again("a"), false),
        new RunWord.ToolSettled("a", "done", "settled"));
  }

  @Test
  void whatTheClaimItselfSettledIsToldAsItIs() {
    var told = Told.given(submit(1), answer(1, 0, "see", once("a")));
    var unknown = Told.given(told.state()).when(Some.claim()).open().history().getLast().text();
    lacks(
        told,
        log(ACCEPTED, called(once("a"), false), CLAIMED),
        new RunWord.ToolSettled("a", unknown, "unknown"));
  }

  @Test
  void resultsOfEarlierRunsAreNotTold() {
    lacks(
        Told.given(
            submit(1),
            answer(1, 0, "see", again("a")),
            settle(1, again("a")),
            answer(1, 1, "so"),
            submit(2)),
        log(ACCEPTED, CLAIMED));
  }

  @Test
  void aResultIsNotTakenForThatOfALaterCallWithTheSameId() {
    lacks(
        Told.given(
            submit(1),
            answer(1, 0, "see", again("a")),
            settle(1, again("a")),
            answer(1, 1, "so"),
            submit(2),
            answer(2, 0, "look", again("a"))),
        log(ACCEPTED, called(again("a"), false), CLAIMED));
  }

  private static void says(Told told, RunWord... words) {
    assertEquals(List.of(words), words(told));
  }

  private static List<RunWord> words(Told told) {
    return told.events().stream()
        .flatMap(event -> SessionLog.words(event, told.state()).stream())
        .toList();
  }

  /** Once claimed, the log lacks these. */
  private static void lacks(Told told, List<RunEntry> log, RunWord... words) {
    var open = told.when(Some.claim()).open();
    assertEquals(
        List.of(words), SessionLog.missing(log, told.events(), open, open.current().orElseThrow()));
  }

  private static List<RunEntry> log(RunWord... words) {
    var entries = new ArrayList<RunEntry>();
    Arrays.stream(words).forEach(w -> entries.add(new RunEntry(entries.size() + 1L, 1, 0, w)));
    return entries;
  }

  private static RunWord called(Call call, boolean client) {
    return new RunWord.ToolCalled(call.id(), call.name(), call.arguments(), client);
  }

  private static RunWord completed(String text, String reason, Usage usage) {
    return new RunWord.Completed(Some.assistant(text).id(), reason, usage);
  }
}
