package clawster.runtime.sessions;

import static clawster.runtime.sessions.Some.abort;
import static clawster.runtime.sessions.Some.abortAll;
import static clawster.runtime.sessions.Some.again;
import static clawster.runtime.sessions.Some.answer;
import static clawster.runtime.sessions.Some.assistant;
import static clawster.runtime.sessions.Some.claim;
import static clawster.runtime.sessions.Some.client;
import static clawster.runtime.sessions.Some.delete;
import static clawster.runtime.sessions.Some.dropAwaited;
import static clawster.runtime.sessions.Some.fail;
import static clawster.runtime.sessions.Some.label;
import static clawster.runtime.sessions.Some.once;
import static clawster.runtime.sessions.Some.reset;
import static clawster.runtime.sessions.Some.result;
import static clawster.runtime.sessions.Some.run;
import static clawster.runtime.sessions.Some.settle;
import static clawster.runtime.sessions.Some.steer;
import static clawster.runtime.sessions.Some.submit;
import static clawster.runtime.sessions.Some.user;
import static clawster.runtime.sessions.Told.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.Usage;
import clawster.runtime.sessions.SessionState.Ended;
import clawster.runtime.sessions.SessionState.Ended.How;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SessionRulesTest {

  private static final String CANCELLED = "cancelled before a result was given";

  // Absent

  @Test
  void theFirstInputOpensTheSessionAndCallsTheModel() {
    given(submit(1))
        .happened("Opened Accepted")
        .history("user: question 1")
        .owes(new Owed.ModelCall(run(1), 0));
  }

  @Test
  void whatIsAbsentCannotBeChanged() {
    given()
        .refuses(label("x"), SessionProblems.NOT_FOUND)
        .refuses(reset(), SessionProblems.NOT_FOUND)
        .refuses(delete(), SessionProblems.NOT_FOUND)
        .refuses(abort(1), SessionProblems.NOT_FOUND)
        .refuses(abortAll(), SessionProblems.NOT_FOUND);
  }

  @Test
  void whatIsAbsentHasNothingToSettleOrClaim() {
    given()
        .ignores(claim(), answer(1, 0, "late"), fail(1, 0, Optional.empty()))
        .ignores(settle(1, once("a")))
        .owes();
  }

  @Test
  void nothingHappensToASessionBeforeItIsOpened() {
    var rules = new SessionRules();
    assertThrows(
        IllegalStateException.class,
        () -> rules.evolve(rules.initial(), new SessionEvent.Reset(Some.NOON)));
  }

  // Submit

  @Test
  void anAnswerEndsTheRun() {
    var told =
        given(submit(1), answer(1, 0, "Hei."))
            .happened("Completed")
            .history("user: question 1", "assistant: Hei.")
            .owes();
    assertTrue(told.open().idle());
    assertEquals(Some.USAGE, told.open().usage());
    assertEquals(10, told.open().lastPromptTokens());
    assertEquals(
        List.of(new Ended(run(1), How.COMPLETED, "stop", assistant("Hei.").id(), Some.USAGE)),
        told.open().ended());
  }

  @Test
  void aRepeatedSubmitIsKnownByItsRun() {
    given(submit(1)).ignores(submit(1));
    given(submit(1), submit(2)).ignores(submit(2));
    given(submit(1), submit(2)).ignores(submit(2, InputMode.INTERRUPT, user("question 2")));
    given(submit(1), answer(1, 0, "Hei.")).ignores(submit(1));
    given(submit(1), abort(1)).ignores(submit(1));
    given(submit(1), answer(1, 0, "Hei."), reset()).ignores(submit(1));
  }

  @Test
  void aSessionKeepsItsAgent() {
    var other =
        new SessionCommand.Submit(
            Some.profile("reader"),
            run(2),
            List.of(user("hi")),
            RunSpec.PLAIN,
            Optional.of(InputMode.INTERRUPT),
            Optional.empty(),
            Some.NOON);
    given(submit(1)).refuses(other, SessionProblems.OTHER_AGENT);
    given(submit(1), answer(1, 0, "Hei.")).refuses(other, SessionProblems.OTHER_AGENT);
  }

  @Test
  void inputWaitsItsTurnAndKeepsItsOrder() {
    given(submit(1), submit(2), submit(3))
        .history("user: question 1")
        .owes(new Owed.ModelCall(run(1), 0))
        .when(answer(1, 0, "one"))
        .history("user: question 1", "assistant: one", "user: question 2")
        .owes(new Owed.ModelCall(run(2), 0))
        .when(answer(2, 0, "two"))
        .owes(new Owed.ModelCall(run(3), 0));
  }

  @Test
  void inputWaitsWhileToolsRun() {
    given(submit(1), answer(1, 0, "", again("a")), submit(2))
        .happened("Accepted")
        .owes(new Owed.ToolRun(run(1), 0, again("a")));
  }

  @Test
  void theQueueIsBounded() {
    given(submit(0))
        .when(waiting(SessionRules.MAX_WAITING))
        .refuses(submit(99), SessionProblems.QUEUE_FULL)
        .when(abort(7), submit(99))
        .happened("Accepted");
  }

  @Test
  void aFullQueueCanStillBeInterrupted() {
    given(submit(0))
        .when(waiting(SessionRules.MAX_WAITING))
        .when(submit(99, InputMode.INTERRUPT, user("now")))
        .happened("Aborted Accepted");
  }

  @Test
  void aBusySessionRejectsWhoeverWillNotWait() {
    var impatient = submit(2, InputMode.REJECT, user("now"));
    given(submit(1)).refuses(impatient, SessionProblems.BUSY);
    given(submit(1), answer(1, 0, "", again("a"))).refuses(impatient, SessionProblems.BUSY);
    given(submit(1), answer(1, 0, "", client("a"))).refuses(impatient, SessionProblems.BUSY);
    given(submit(1), answer(1, 0, "one")).when(impatient).happened("Accepted");
  }

  // Steer

  @Test
  void steeringInputJoinsBeforeTheNextModelCall() {
    var told =
        given(submit(1), answer(1, 0, "", again("a"), again("b")), steer(2), settle(1, again("a")))
            .happened("ToolSettled")
            .owes(new Owed.ToolRun(run(1), 0, again("b")))
            .when(settle(1, again("b")))
            .happened("ToolSettled Absorbed")
            .history(
                "user: question 1",
                "assistant:  -> a -> b",
                "tool a: done",
                "tool b: done",
                "user: question 2")
            .owes(new Owed.ModelCall(run(1), 1));
    assertEquals(
        List.of(new Ended(run(2), How.ABSORBED, run(1).toString(), "", Usage.NONE)),
        told.open().ended());
    assertEquals(List.of(), told.open().waiting());
    told.when(answer(1, 1, "both")).happened("Completed").owes();
  }

  @Test
  void steeringInputThatCameDuringTheModelCallJoinsTheNextOne() {
    given(submit(1), steer(2))
        .happened("Accepted")
        .history("user: question 1")
        .owes(new Owed.ModelCall(run(1), 0))
        .when(answer(1, 0, "", again("a")), settle(1, again("a")))
        .happened("ToolSettled Absorbed");
  }

  @Test
  void allThatSteersJoinsInItsOrderAndNothingElse() {
    given(submit(1), answer(1, 0, "", again("a")))
        .when(submit(2), steer(3), submit(4), steer(5), settle(1, again("a")))
        .happened("ToolSettled Absorbed Absorbed")
        .history(
            "user: question 1",
            "assistant:  -> a",
            "tool a: done",
            "user: question 3",
            "user: question 5")
        .when(answer(1, 1, "so"))
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void steeringInputThatFindsNoFurtherModelCallIsNextBeforeAllOthers() {
    given(submit(1), submit(2), steer(3), steer(4))
        .when(answer(1, 0, "one"))
        .happened("Completed")
        .owes(new Owed.ModelCall(run(3), 0))
        .when(answer(3, 0, "three"))
        .owes(new Owed.ModelCall(run(4), 0))
        .when(answer(4, 0, "four"))
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void whereNothingRunsSteeringIsPlainInput() {
    given(steer(1)).happened("Opened Accepted").owes(new Owed.ModelCall(run(1), 0));
    given(submit(1), answer(1, 0, "one"), steer(2)).owes(new Owed.ModelCall(run(2), 0));
    given(submit(1), answer(1, 0, "", client("a")), submit(2), steer(3))
        .when(submit(4, InputMode.QUEUE, result(client("a"))), answer(4, 0, "four"))
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void theCallersToolsEndTheTurnAlthoughSomethingSteers() {
    given(submit(1), answer(1, 0, "", once("a"), client("b")), steer(2), settle(1, once("a")))
        .happened("ToolSettled Completed")
        .owes();
  }

  @Test
  void whatSteersWaitsInTheSameBoundedQueue() {
    given(submit(0))
        .when(waiting(SessionRules.MAX_WAITING))
        .refuses(steer(99), SessionProblems.QUEUE_FULL);
  }

  @Test
  void whatSteersIsStoppedOnItsOwnUntilItHasJoined() {
    var told = given(submit(1), answer(1, 0, "", again("a")), steer(2));
    given(told.state())
        .when(abort(2))
        .happened("Aborted")
        .when(settle(1, again("a")))
        .owes(new Owed.ModelCall(run(1), 1));
    told.when(settle(1, again("a")))
        .ignores(abort(2), steer(2))
        .when(abort(1))
        .happened("Aborted")
        .history("user: question 1", "assistant:  -> a", "tool a: done", "user: question 2")
        .owes();
  }

  @Test
  void aNewOwnerLetsJoinWhatSteersIfItSettlesTheLastTool() {
    given(submit(1), answer(1, 0, "", once("a")), steer(2), claim())
        .happened("Claimed ToolSettled Absorbed")
        .owes(new Owed.ModelCall(run(1), 1));
    given(submit(1), steer(2), claim()).happened("Claimed");
    given(submit(1), answer(1, 0, "", again("a")), settle(1, again("a")), steer(2), claim())
        .happened("Claimed")
        .owes(new Owed.ModelCall(run(1), 1));
  }

  // Input modes of sessions

  @Test
  void inputThatDoesNotSayWhatItDoesDoesWhatTheSessionSays() {
    given(submit(1), Some.mode(InputMode.REJECT)).refuses(Some.plain(2), SessionProblems.BUSY);
    given(submit(1), Some.mode(InputMode.INTERRUPT), Some.plain(2)).happened("Aborted Accepted");
    given(submit(1), answer(1, 0, "", again("a")), Some.mode(InputMode.STEER), Some.plain(2))
        .when(settle(1, again("a")))
        .happened("ToolSettled Absorbed");
    given(submit(1), Some.plain(2))
        .happened("Accepted")
        .when(answer(1, 0, "one"))
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void inputThatSaysWhatItDoesGoesBeforeTheSession() {
    given(submit(1), Some.mode(InputMode.REJECT), submit(2)).happened("Accepted");
    given(submit(1), Some.mode(InputMode.STEER))
        .refuses(submit(2, InputMode.REJECT, user("now")), SessionProblems.BUSY);
  }

  @Test
  void theModeOfASessionStaysUntilItIsChanged() {
    var told = given(submit(1), Some.mode(InputMode.STEER)).happened("Patched");
    told.ignores(Some.mode(InputMode.STEER)).when(label("x"), reset());
    assertEquals(InputMode.STEER, told.open().profile().inputMode());
    assertEquals(
        InputMode.QUEUE, told.when(Some.mode(InputMode.QUEUE)).open().profile().inputMode());
  }

  // Interrupt

  @Test
  void interruptingAModelCallKeepsWhatWasShown() {
    var stopped = assistant("I was about to");
    var interrupt = submit(2, InputMode.INTERRUPT, user("stop")).stopped(Optional.of(stopped));
    given(submit(1), interrupt)
        .happened("Aborted Accepted")
        .history("user: question 1", "assistant: I was about to", "user: stop")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void interruptingToolsCancelsTheirCalls() {
    given(submit(1), answer(1, 0, "", again("a"), client("b")))
        .when(submit(2, InputMode.INTERRUPT, user("stop")))
        .history(
            "user: question 1",
            "assistant:  -> a -> b",
            "tool a: " + CANCELLED,
            "tool b: " + CANCELLED,
            "user: stop")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void interruptingAnIdleSessionIsPlainInput() {
    given(submit(1), answer(1, 0, "one"), submit(2, InputMode.INTERRUPT, user("two")))
        .happened("Accepted");
  }

  @Test
  void interruptingDropsResultsThatAreAwaited() {
    given(submit(1), answer(1, 0, "", client("a")))
        .when(submit(2, InputMode.INTERRUPT, user("never mind")))
        .happened("AwaitedDropped Accepted")
        .history(
            "user: question 1", "assistant:  -> a", "tool a: " + CANCELLED, "user: never mind");
  }

  @Test
  void interruptingLeavesTheQueueInItsOrder() {
    given(submit(1), submit(2), submit(3, InputMode.INTERRUPT, user("three")))
        .owes(new Owed.ModelCall(run(2), 0))
        .when(answer(2, 0, "two"))
        .owes(new Owed.ModelCall(run(3), 0));
  }

  // Abort

  @Test
  void abortingTheCurrentRunStartsTheNext() {
    var shown =
        new SessionCommand.Abort(Optional.of(run(1)), Optional.of(assistant("Wel")), Some.NOON);
    given(submit(1), submit(2), shown)
        .happened("Aborted")
        .history("user: question 1", "assistant: Wel", "user: question 2")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void abortingAWaitingRunTakesItOut() {
    given(submit(1), submit(2), abort(2))
        .happened("Aborted")
        .history("user: question 1")
        .owes(new Owed.ModelCall(run(1), 0))
        .when(answer(1, 0, "one"))
        .owes();
  }

  @Test
  void abortingAllStartsNothing() {
    given(submit(1), submit(2), submit(3), abortAll())
        .happened("Aborted Aborted Aborted")
        .history("user: question 1")
        .owes();
  }

  @Test
  void abortingToolsClosesTheirCalls() {
    given(submit(1), answer(1, 0, "", again("a"), once("b")), settle(1, again("a")), abort(1))
        .happened("Aborted")
        .history(
            "user: question 1", "assistant:  -> a -> b", "tool a: done", "tool b: " + CANCELLED)
        .owes();
  }

  @Test
  void abortingAllDropsResultsThatAreAwaited() {
    var told =
        given(submit(1), answer(1, 0, "", client("a")), abortAll()).happened("AwaitedDropped");
    assertEquals(List.of(), told.open().awaited());
  }

  @Test
  void abortingAllWhileInputWaitsForAResultStartsNothing() {
    given(submit(1), answer(1, 0, "", client("a")), submit(2), abortAll())
        .happened("Aborted AwaitedDropped")
        .owes();
  }

  @Test
  void abortingWhatIsUnknownOrOverIsNothing() {
    given(submit(1), answer(1, 0, "one")).ignores(abort(1), abort(9), abortAll());
  }

  // Tools

  @Test
  void settledToolsCallTheModelAgain() {
    given(submit(1), answer(1, 0, "", again("a"), once("b")))
        .happened("ToolsIntended")
        .owes(new Owed.ToolRun(run(1), 0, again("a")), new Owed.ToolRun(run(1), 0, once("b")))
        .when(settle(1, once("b")))
        .owes(new Owed.ToolRun(run(1), 0, again("a")))
        .when(settle(1, again("a")))
        .owes(new Owed.ModelCall(run(1), 1))
        .when(answer(1, 1, "It is noon."))
        .history(
            "user: question 1",
            "assistant:  -> a -> b",
            "tool b: done",
            "tool a: done",
            "assistant: It is noon.");
  }

  @Test
  void theCallersToolsEndTheTurn() {
    var told =
        given(submit(1), answer(1, 0, "", client("a"), client("b"))).happened("Completed").owes();
    assertEquals(List.of(client("a"), client("b")), told.open().awaited());
    assertEquals("tool_calls", told.open().ended().getLast().detail());
  }

  @Test
  void ourToolsRunBeforeTheCallersEndTheTurn() {
    var told =
        given(submit(1), answer(1, 0, "", once("a"), client("b")))
            .owes(new Owed.ToolRun(run(1), 0, once("a")))
            .when(settle(1, once("a")))
            .happened("ToolSettled Completed")
            .owes();
    assertEquals(List.of(client("b")), told.open().awaited());
    assertEquals(Some.USAGE, told.open().usage());
    assertEquals(Some.USAGE, told.open().ended().getLast().usage());
  }

  @Test
  void theCallersResultsGoOn() {
    given(submit(1), answer(1, 0, "", client("a"), client("b")))
        .when(submit(2, InputMode.REJECT, result(client("a")), result(client("b"))))
        .happened("Accepted")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void inputWithoutTheAwaitedResultsWaitsForThem() {
    given(submit(1), answer(1, 0, "", client("a")), submit(2))
        .owes()
        .when(submit(3, InputMode.QUEUE, result(client("a"))))
        .owes(new Owed.ModelCall(run(3), 0))
        .when(answer(3, 0, "The door is open."))
        .history(
            "user: question 1",
            "assistant:  -> a",
            "tool a: result of a",
            "assistant: The door is open.",
            "user: question 2");
  }

  @Test
  void awaitedResultsPassAQueue() {
    var results = result(client("a"));
    for (var mode : InputMode.values()) {
      given(submit(0), answer(0, 0, "", client("a")))
          .when(waiting(SessionRules.MAX_WAITING))
          .when(submit(99, mode, results))
          .happened("Accepted")
          .owes(new Owed.ModelCall(run(99), 0));
    }
  }

  @Test
  void aModelThatKeepsCallingToolsIsStopped() {
    var told = given(submit(1));
    for (int step = 0; step < SessionRules.MAX_STEPS - 1; step++) {
      told.when(answer(1, step, "", again("a" + step)), settle(1, again("a" + step)));
    }
    int last = SessionRules.MAX_STEPS - 1;
    told.owes(new Owed.ModelCall(run(1), last))
        .when(answer(1, last, "Once more.", again("last")))
        .happened("Failed")
        .owes();
    var message = told.open().history().getLast();
    assertEquals("Once more.", message.text());
    assertEquals(List.of(), message.toolCalls());
    assertEquals(Message.Mark.INCOMPLETE, message.mark());
    assertEquals(How.FAILED, told.open().ended().getLast().how());
  }

  @Test
  void aModelMayAnswerAtTheLastStep() {
    var told = given(submit(1));
    int last = SessionRules.MAX_STEPS - 1;
    for (int step = 0; step < last; step++) {
      told.when(answer(1, step, "", again("a" + step)), settle(1, again("a" + step)));
    }
    told.when(answer(1, last, "Done.")).happened("Completed");
  }

  @Test
  void staleReportsAreIgnored() {
    given(submit(1)).ignores(answer(2, 0, "x"), answer(1, 1, "x"), settle(1, again("a")));
    given(submit(1), answer(1, 0, "", again("a")))
        .ignores(answer(1, 0, "x"), fail(1, 0, Optional.empty()), settle(1, again("b")))
        .ignores(settle(2, again("a")));
    given(submit(1), answer(1, 0, "", again("a")), settle(1, again("a")))
        .ignores(settle(1, again("a")), answer(1, 0, "x"));
    given(submit(1), answer(1, 0, "one"), submit(2)).ignores(answer(1, 0, "again"));
  }

  @Test
  void aFailureKeepsWhatWasShownAndStartsTheNext() {
    given(submit(1), submit(2), fail(1, 0, Optional.of(assistant("Half"))))
        .happened("Failed")
        .history("user: question 1", "assistant: Half", "user: question 2")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  // Claim

  @Test
  void aNewOwnerRepeatsTheModelCall() {
    var told = given(submit(1), claim()).happened("Claimed").owes(new Owed.ModelCall(run(1), 0));
    assertEquals(2, told.state().epoch());
  }

  @Test
  void aNewOwnerRepeatsOnlyWhatMayBeRepeated() {
    var told =
        given(submit(1), answer(1, 0, "", once("a"), again("b")), claim())
            .happened("Claimed ToolSettled")
            .owes(new Owed.ToolRun(run(1), 0, again("b")));
    var settled = (SessionEvent.ToolSettled) told.events().getLast();
    assertEquals("a", settled.callId());
    assertEquals(ToolOutcome.UNKNOWN, settled.outcome());
  }

  @Test
  void aNewOwnerThatLeavesNoToolOpenCallsTheModel() {
    given(submit(1), answer(1, 0, "", once("a")), claim()).owes(new Owed.ModelCall(run(1), 1));
  }

  @Test
  void aNewOwnerMayFindOnlyTheCallersToolsLeft() {
    given(submit(1), answer(1, 0, "", once("a"), client("b")), claim())
        .happened("Claimed ToolSettled Completed")
        .owes();
  }

  @Test
  void aNewOwnerOfAnIdleSessionHasNothingToClaim() {
    given(submit(1), answer(1, 0, "one")).ignores(claim());
    given(submit(1), answer(1, 0, "", client("a"))).ignores(claim());
  }

  // Patch, reset, delete

  @Test
  void aPatchChangesWhatItNames() {
    var told = given(submit(1), label("Minutes")).happened("Patched");
    assertEquals("Minutes", told.open().profile().label());
    told.ignores(label("Minutes"))
        .when(
            new SessionCommand.Patch(
                Optional.empty(),
                Optional.of("demo/words"),
                Optional.of(Map.of("a", "b")),
                Optional.empty(),
                Some.NOON));
    assertEquals("Minutes", told.open().profile().label());
    assertEquals("demo/words", told.open().profile().model());
    assertEquals(Map.of("a", "b"), told.open().profile().metadata());
    assertEquals("", told.when(label("")).open().profile().label());
  }

  @Test
  void aResetForgetsTheConversationAndEndsItsRuns() {
    var told =
        given(submit(1), answer(1, 0, "one"), submit(2), submit(3), label("Minutes"), reset())
            .happened("Aborted Aborted Reset")
            .history()
            .owes();
    assertEquals(Usage.NONE, told.open().usage());
    assertEquals(0, told.open().lastPromptTokens());
    assertEquals("Minutes", told.open().profile().label());
    assertEquals(3, told.open().ended().size());
  }

  @Test
  void aResetForgetsResultsThatAreAwaited() {
    given(submit(1), answer(1, 0, "", client("a")), submit(2), reset())
        .happened("Aborted Reset")
        .history()
        .when(submit(3))
        .owes(new Owed.ModelCall(run(3), 0));
  }

  @Test
  void theEpochOutlivesTheSession() {
    var told = given(submit(1), claim(), submit(2), delete()).happened("Aborted Aborted Deleted");
    assertEquals(new SessionState.Absent(2), told.state());
    told.when(submit(3)).happened("Opened Accepted").history("user: question 3");
    assertEquals(2, told.state().epoch());
    assertEquals(3, told.when(claim()).state().epoch());
  }

  @Test
  void endedRunsAreRememberedUpToABound() {
    var told = given();
    for (int run = 0; run <= SessionState.Open.MAX_ENDED; run++) {
      told.when(submit(run), answer(run, 0, "answer"));
    }
    assertEquals(SessionState.Open.MAX_ENDED, told.open().ended().size());
    assertFalse(told.open().knows(run(0)));
    assertTrue(told.open().knows(run(1)));
    assertEquals(Optional.of(run(SessionState.Open.MAX_ENDED)), told.open().lastEnded());
  }

  @Test
  void whatMayHaveBeenAcceptedLongAgoIsKnownByItsAge() {
    var told = given();
    for (int run = 2; run <= SessionState.Open.MAX_ENDED; run++) {
      told.when(submit(run), answer(run, 0, "answer"));
    }
    assertFalse(told.open().mayHaveForgotten(run(1)), "nothing is forgotten yet");
    int last = SessionState.Open.MAX_ENDED + 1;
    var forgetful = told.when(submit(last), answer(last, 0, "answer")).open();
    assertTrue(forgetful.mayHaveForgotten(run(1)));
    assertFalse(forgetful.mayHaveForgotten(run(2)));
    assertFalse(forgetful.mayHaveForgotten(run(last + 1)));
  }

  @Test
  void inputThatWaitedLongEnoughForAClientsResultsGoesOnWithout() {
    given(submit(1), answer(1, 0, "", client("a")), submit(2))
        .when(dropAwaited())
        .happened("AwaitedDropped")
        .owes(new Owed.ModelCall(run(2), 0));
  }

  @Test
  void aClientsResultsAreWaitedForAsLongAsNothingElseIs() {
    given(submit(1), answer(1, 0, "", client("a"))).ignores(dropAwaited());
    given(submit(1), submit(2)).ignores(dropAwaited());
    given().ignores(dropAwaited());
  }

  private static SessionCommand[] waiting(int howMany) {
    return IntStream.rangeClosed(1, howMany).mapToObj(Some::submit).toArray(SessionCommand[]::new);
  }
}
