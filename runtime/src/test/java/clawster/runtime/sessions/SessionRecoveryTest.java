package clawster.runtime.sessions;

import static clawster.runtime.sessions.ScriptedModel.end;
import static clawster.runtime.sessions.ScriptedModel.fragment;
import static clawster.runtime.sessions.ScriptedModel.text;
import static clawster.runtime.sessions.ScriptedModel.thatContinues;
import static clawster.runtime.sessions.Some.run;
import static clawster.runtime.sessions.Some.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.SessionMessage.Done;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Nodes die, journals fail and logs are taken away; what was acknowledged is answered, once. */
final class SessionRecoveryTest {

  private static final ActorTestKit KIT = ActorTestKit.create(SessionNode.CONFIG);
  private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void anAnswerCutByADeathGoesOnFromWhatWasShown() {
    var dead = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hello "))).accepts(submit(1));
    dead.awaitLog(1, "|accepted|Hello ");
    var model = thatContinues().says("there");
    var node = dead.diesFor(model);
    node.awaitLog(1, "|accepted|Hello |claimed|recovered restart|there|completed|");
    assertEquals("Opened Accepted Claimed Completed", node.journal());
    assertEquals(List.of("user: question 1", "assistant: Hello there"), node.history());
    assertEquals(Message.Mark.RECOVERED, node.view().history().getLast().mark());
    assertEquals(2, node.view().epoch());
    assertEquals(
        ModelMessage.text(Role.ASSISTANT, "Hello"), model.asked.getFirst().messages().getLast());
    assertTrue(node.isSettled(1));
  }

  @Test
  void anAnswerThatWasOnlyThoughtAboutIsMarkedAndThoughtOutOnce() {
    var dead =
        SessionNode.with(KIT, thatContinues().hangsAfter(new ModelEvent.Reasoning("hm, ")))
            .accepts(submit(1));
    dead.awaitLog(1, "|accepted|reasoning|");
    var model = thatContinues().says(new ModelEvent.Reasoning("hm, so"), text("Hello"), end());
    var node = dead.diesFor(model);
    node.awaitLog(1, "|accepted|reasoning|claimed|recovered restart|reasoning|Hello|completed|");
    var answer = node.view().history().getLast();
    assertEquals(Message.Mark.RECOVERED, answer.mark());
    assertEquals("hm, so", answer.thinking());
    assertEquals(
        List.of("hm, ", "so"),
        node.log.words(run(1)).stream()
            .filter(RunWord.Reasoning.class::isInstance)
            .map(word -> ((RunWord.Reasoning) word).text())
            .toList());
  }

  @Test
  void whatTheDeadNodeHadNotCommittedWasNeverShown() {
    var first = thatContinues().hangsAfter(text("Hello"));
    var dead = SessionNode.with(KIT, first);
    dead.log.hold();
    dead.accepts(submit(1));
    dead.await(() -> assertEquals(1, first.asked.size()));
    var node = dead.diesFor(thatContinues().says("Good day"));
    node.awaitLog(1, "|claimed|accepted|Good day|completed|");
    dead.log.goOn();
    assertEquals("|claimed|accepted|Good day|completed|", node.log(1));
    assertEquals(List.of("user: question 1", "assistant: Good day"), node.history());
  }

  @Test
  void queuedInputSurvivesToo() {
    var dead =
        SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")))
            .accepts(submit(1))
            .accepts(submit(2));
    dead.awaitLog(1, "|accepted|Hel");
    var node = dead.diesFor(thatContinues().says("lo").says("Yes."));
    node.awaitLog(1, "|accepted|Hel|claimed|recovered restart|lo|completed|");
    node.awaitLog(2, "|accepted|claimed|Yes.|completed|");
    assertEquals("Opened Accepted Accepted Claimed Completed Completed", node.journal());
  }

  @Test
  void aToolThatDoesNoHarmRunsAgain() {
    var stuck = new WaitingTool("clock", true);
    var dead =
        SessionNode.with(KIT, thatContinues().says(fragment(0, "a", "clock", "{}"), end()), stuck)
            .accepts(submit(1));
    SessionNode.await(stuck.called);
    dead.awaitLog(1, "|accepted|a=clock|");
    var clock = new WaitingTool("clock", true).done("noon");
    var node = dead.diesFor(thatContinues().says("It is noon."), clock);
    node.awaitLog(1, "|accepted|a=clock|claimed|a ok|It is noon.|completed|");
    assertEquals(List.of("a {}"), clock.calls);
  }

  @Test
  void aToolThatMayDoHarmDoesNotRunTwice() {
    var stuck = new WaitingTool("press", false);
    var dead =
        SessionNode.with(KIT, thatContinues().says(fragment(0, "a", "press", "{}"), end()), stuck)
            .accepts(submit(1));
    SessionNode.await(stuck.called);
    dead.awaitLog(1, "|accepted|a=press|");
    var press = new WaitingTool("press", false).done("pressed");
    var model = thatContinues().says("I will look.");
    var node = dead.diesFor(model, press);
    node.awaitLog(1, "|accepted|a=press|claimed|a unknown|I will look.|completed|");
    assertEquals(List.of(), press.calls);
    assertTrue(
        node.history().get(2).contains("unknown; check before trying again"),
        () -> node.history().toString());
  }

  @Test
  void whatSteeredARunWhoseNodeDiedIsToldInBothLogs() {
    var clock = new WaitingTool("clock", true);
    var model = thatContinues().says(fragment(0, "a", "clock", "{}"), end()).hangsAfter();
    var dead = SessionNode.with(KIT, model, clock).accepts(submit(1));
    SessionNode.await(clock.called);
    dead.accepts(Some.steer(2));
    dead.awaitLog(2, "|accepted|");
    dead.log.hold();
    clock.done("noon");
    dead.await(() -> assertEquals(2, model.asked.size()));
    var node = dead.diesFor(thatContinues().says("Both."));
    node.awaitLog(1, "|accepted|a=clock|claimed|a settled|steered|Both.|completed|");
    node.session.tell(new SessionMessage.Wake(run(2), false));
    node.awaitLog(2, "|accepted|claimed|absorbed|");
  }

  @Test
  void aResultThatIsInTheJournalIsNotAskedForAgain() {
    var clock = new WaitingTool("clock", true).done("noon");
    var dead =
        SessionNode.with(
                KIT,
                thatContinues()
                    .says(fragment(0, "a", "clock", "{}"), end())
                    .hangsAfter(text("It is ")),
                clock)
            .accepts(submit(1));
    dead.awaitLog(1, "|accepted|a=clock|a ok|It is ");
    var again = new WaitingTool("clock", true).done("one");
    var node = dead.diesFor(thatContinues().says("noon."), again);
    node.awaitLog(1, "|accepted|a=clock|a ok|It is |claimed|recovered restart|noon.|completed|");
    assertEquals(List.of(), again.calls);
    assertEquals("assistant: It is noon.", node.history().getLast());
  }

  @Test
  void aTurnThatOnlyWaitedForALostToolEndsWithTheClientsCalls() {
    var stuck = new WaitingTool("press", false);
    var dead =
        SessionNode.with(
            KIT,
            thatContinues()
                .says(fragment(0, "a", "press", "{}"), fragment(1, "b", "open_door", "{}"), end()),
            stuck);
    dead.accepts(
        new SessionCommand.Submit(
            Some.PROFILE,
            run(1),
            List.of(Some.user("Open it.")),
            Some.WITH_DOOR,
            Optional.of(InputMode.QUEUE),
            Optional.empty(),
            Some.NOON));
    SessionNode.await(stuck.called);
    dead.awaitLog(1, "|accepted|a=press|b=open_door of client|");
    var node = dead.diesFor(thatContinues(), stuck);
    node.awaitEnd(1);
    assertEquals("Opened Accepted ToolsIntended Claimed ToolSettled Completed", node.journal());
    assertEquals(List.of("b"), node.view().awaited().stream().map(Call::id).toList());
    node.await(() -> assertTrue(node.isSettled(1)));
  }

  @Test
  void aLogThatLacksTheEndOfItsRunGetsItAsSoonAsTheSessionIsWoken() {
    var dead = SessionNode.with(KIT, thatContinues().says(end()));
    dead.log.hold();
    dead.accepts(submit(1));
    dead.await(() -> assertEquals("Opened Accepted Completed", dead.journal()));
    var node = dead.diesFor(thatContinues());
    node.session.tell(new SessionMessage.Wake(run(1), false));
    node.awaitEnd(1);
    node.session.tell(new SessionMessage.Wake(run(1), false));
    node.session.tell(new SessionMessage.Wake(run(1), true));
    assertTrue(node.view().idle());
    assertEquals("|claimed|completed|", node.log(1));
    node.await(() -> assertTrue(node.isSettled(1)));
    assertEquals("Opened Accepted Completed", node.journal());
  }

  @Test
  void aYoungNoteOfARunThatIsNotKnownMayStillHaveItsSubmitOnTheWay() {
    var node = SessionNode.with(KIT, thatContinues().says(end()));
    node.session.tell(new SessionMessage.Wake(run(1), false));
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(new SessionMessage.Refused(SessionProblems.NOT_FOUND));
    assertFalse(node.isSettled(1));
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|completed|");
  }

  @Test
  void anEndingThatIsOnItsWayIsNotWrittenTwice() {
    var node = SessionNode.with(KIT, thatContinues().says(end()));
    node.log.hold();
    node.accepts(submit(1));
    node.await(() -> assertEquals("Opened Accepted Completed", node.journal()));
    node.session.tell(new SessionMessage.Wake(run(1), false));
    node.session.tell(new SessionMessage.Wake(run(1), true));
    assertTrue(node.view().idle());
    node.log.goOn();
    assertEquals("|accepted|completed|", node.log(1));
  }

  @Test
  void anEndingWrittenWhileTheLogIsBeingTakenOverIsNotWrittenTwice() {
    var dead = SessionNode.with(KIT, thatContinues().says(end()));
    dead.log.hold();
    dead.accepts(submit(1));
    dead.await(() -> assertEquals("Opened Accepted Completed", dead.journal()));
    assertTrue(dead.view().idle());
    var node = dead.diesHolding(thatContinues());
    node.session.tell(new SessionMessage.Wake(run(1), false));
    node.await(() -> assertTrue(node.log.isBeingClaimed()));
    dead.log.goOn();
    node.log.goOn();
    assertEquals("|accepted|completed|claimed|", node.log(1));
    node.await(() -> assertTrue(node.isSettled(1)));
  }

  @Test
  void aLineThatWasLostIsShownWhenTheSessionIsWoken() {
    var node = afterALostLine(submit(1));
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.await(() -> assertTrue(node.directory.line(node.id).isPresent()));
  }

  @Test
  void aLineThatWasLostIsShownWhenTheSessionIsRead() {
    var node = afterALostLine(submit(1));
    assertEquals(2, node.view().history().size());
    assertEquals(2, node.directory.line(node.id).orElseThrow().messageCount());
  }

  @Test
  void aStatelessCallIsListedThoughItsNodeDiedAtItsEnd() {
    var node =
        afterALostLine(
            new SessionCommand.Submit(
                SessionProfile.opened(Some.PROFILE.key(), "writer", false, "http", "kari"),
                run(1),
                List.of(Some.user("Greet me.")),
                RunSpec.PLAIN,
                Optional.of(InputMode.QUEUE),
                Optional.empty(),
                Some.NOON));
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.await(() -> assertTrue(node.directory.line(node.id).isPresent()));
  }

  /** Another node's session, after a run whose line a crash kept from the list. */
  private static SessionNode afterALostLine(SessionCommand.Submit input) {
    var dead = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(input);
    dead.awaitEnd(1);
    dead.directory.lose(dead.id);
    return dead.diesFor(thatContinues());
  }

  @Test
  void aDeletedSessionHidesItsLineWhenItIsReadOrWoken() {
    var before = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(submit(1));
    before.awaitEnd(1);
    var line = before.directory.line(before.id).orElseThrow();
    before.accepts(Some.delete());
    for (var message :
        List.of(
            new SessionMessage.Read(before.views.ref()), new SessionMessage.Wake(run(1), true))) {
      before.directory.show(line);
      var node = before.diesFor(thatContinues());
      node.session.tell(message);
      node.await(() -> assertTrue(node.directory.line(node.id).isEmpty()));
    }
  }

  @Test
  void theLogOfARunThatWentWithItsSessionEndsToo() {
    var dead = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel"))).accepts(submit(1));
    dead.awaitLog(1, "|accepted|Hel");
    dead.log.hold();
    dead.accepts(Some.delete());
    var node = dead.diesFor(thatContinues());
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.awaitLog(1, "|accepted|Hel|claimed|aborted|");
  }

  @Test
  void aNoteOfARunThatNeverWasIsStruck() {
    var node = SessionNode.with(KIT, thatContinues());
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.await(() -> assertTrue(node.isSettled(1)));
    assertEquals("", node.journal());
    assertEquals("", node.log(1));
  }

  @Test
  void whatComesWhileTheLogsAreBeingClaimedWaits() {
    var dead = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel"))).accepts(submit(1));
    dead.awaitLog(1, "|accepted|Hel");
    var node = dead.diesHolding(thatContinues().hangsAfter(text("lo")).hangsAfter(text("lo")));
    node.await(() -> assertTrue(node.log.isBeingClaimed()));
    node.tell(Some.abort(1));
    node.tell(submit(2));
    node.log.goOn();
    node.replies.expectMessage(new Done(List.of(run(1))));
    node.replies.expectMessage(new Done(List.of(run(2))));
    node.awaitEnd(1);
    node.awaitLog(2, "|accepted|lo");
    assertTrue(node.isSettled(1));
  }

  @Test
  void aClaimThatFailsIsTriedAgain() {
    var dead = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel"))).accepts(submit(1));
    dead.awaitLog(1, "|accepted|Hel");
    var node = dead.diesHolding(thatContinues().says("lo"));
    node.await(() -> assertTrue(node.log.isBeingClaimed()));
    node.log.away(true);
    node.log.goOn();
    node.log.away(false);
    node.awaitEnd(1);
    assertEquals("assistant: Hello", node.history().getLast());
  }

  @Test
  void aRunWhoseLogIsGoneIsAbortedAndTheNextOneStarts() {
    var dead =
        SessionNode.with(KIT, thatContinues().hangsAfter()).accepts(submit(1)).accepts(submit(2));
    dead.awaitLog(1, "|accepted|");
    dead.awaitLog(2, "|accepted|");
    dead.log.forget(run(1));
    var node = dead.diesFor(thatContinues().says("Yes."));
    node.awaitLog(2, "|accepted|claimed|Yes.|completed|");
    assertEquals("Opened Accepted Accepted Claimed Aborted Completed", node.journal());
    node.await(() -> assertTrue(node.isSettled(1)));
    assertEquals("", node.log(1));
  }

  @Test
  void aLogWithAnotherOwnerIsClaimedBackByWhoeverHasTheJournal() {
    var ticks = new CompletableFuture<ModelMessage>();
    var model =
        thatContinues()
            .then(
                Source.single(text("Hel"))
                    .concatLazy(
                        Source.lazySource(() -> Source.completionStage(ticks))
                            .map(_ -> text("lo"))))
            .says("lo");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    node.log.ofAnotherNode(_ -> {}).claim(run(1), 2);
    ticks.complete(ModelMessage.text(Role.ASSISTANT, "lo"));
    node.awaitEnd(1);
    assertEquals("|accepted|Hel|claimed|claimed|recovered restart|lo|completed|", node.log(1));
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
  }

  @Test
  void anAgentThatIsNoMoreFailsTheRun() {
    var dead = SessionNode.with(KIT, thatContinues().hangsAfter()).accepts(submit(1));
    dead.awaitLog(1, "|accepted|");
    var node = dead.diesForOneWithoutAgents(thatContinues());
    node.awaitLog(1, "|accepted|claimed|failed run.no_agent|");
    assertEquals("Opened Accepted Claimed Failed", node.journal());
  }

  @Test
  void inputThatDidNotReachTheJournalIsNotAcknowledged() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello"));
    JOURNAL.failNextPersisted(node.persistenceId());
    node.tell(submit(1));
    node.await(() -> assertTrue(node.log.wasReleased(run(1))));
    node.replies.expectNoMessage();
    node.accepts(submit(1));
    node.awaitEnd(1);
    assertEquals("Opened Accepted Completed", node.journal());
    assertEquals("|accepted|Hello|completed|", node.log(1));
  }

  @Test
  void anAnswerThatDidNotReachTheJournalIsGivenAgainAndShownOnce() {
    var told = new CompletableFuture<Void>();
    var model =
        thatContinues()
            .then(
                Source.from(List.of(text("Hello"), end()))
                    .map(
                        event -> {
                          told.join();
                          return event;
                        }))
            .says(end());
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    JOURNAL.failNextPersisted(node.persistenceId());
    told.complete(null);
    node.awaitEnd(1);
    assertEquals("|accepted|Hello|claimed|recovered restart|completed|", node.log(1));
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
    assertEquals("Opened Accepted Claimed Completed", node.journal());
  }

  @Test
  void anAnswerGoesOnWhenOtherInputDidNotReachTheJournal() {
    var model = thatContinues().hangsAfter(text("Hel")).says("lo");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    JOURNAL.failNextPersisted(node.persistenceId());
    node.tell(submit(2));
    node.awaitEnd(1);
    assertEquals("|accepted|Hel|claimed|recovered restart|lo|completed|", node.log(1));
    assertEquals("Opened Accepted Claimed Completed", node.journal());
  }

  /** The call that was stopped ends only when the next has its turn. */
  @Test
  void anAnswerOfWhichAWordIsOnItsWayGoesOnWhenOtherInputDidNotReachTheJournal() {
    var told = new CompletableFuture<Void>();
    var model =
        thatContinues()
            .then(
                Source.single(text("Hel"))
                    .map(
                        event -> {
                          told.join();
                          return event;
                        })
                    .concat(Source.never()))
            .says("lo");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|");
    node.log.hold();
    told.complete(null);
    node.await(() -> assertTrue(node.log.isWaiting()));
    JOURNAL.failNextPersisted(node.persistenceId());
    node.tell(submit(2));
    node.await(() -> assertTrue(node.log.isBeingClaimed()));
    node.log.goOn();
    node.awaitEnd(1);
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
    assertEquals(2, model.asked.size());
  }

  @Test
  void whoStopsAnAnswerIsHeardWhenOtherInputDidNotReachTheJournal() {
    var model = thatContinues().hangsAfter(text("Hel")).hangsAfter(text("lo"));
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    JOURNAL.failNextPersisted(node.persistenceId());
    node.tell(Some.label("desk"));
    node.tell(Some.abort(1));
    node.awaitEnd(1);
    assertEquals("Opened Accepted Claimed Aborted", node.journal());
  }

  /** The write seemed to fail, and was done. */
  @Test
  void aDeletionThatReachedTheJournalUnheardIsShown() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(submit(1));
    node.awaitEnd(1);
    node.await(() -> assertTrue(node.directory.line(node.id).isPresent()));
    JOURNAL.failNextPersisted(node.persistenceId());
    JOURNAL.persistForRecovery(
        node.persistenceId(), List.of(new SessionEvent.Deleted(1, Some.NOON)));
    node.tell(Some.delete());
    node.await(() -> assertTrue(node.directory.line(node.id).isEmpty()));
  }

  @Test
  void inputThatWaitsForAClientsResultsStillGoesOnWhenItsFirstGoDidNotReachTheJournal() {
    var model =
        thatContinues().says(fragment(0, "a", "open_door", "{}"), end()).says("Never mind.");
    var node = SessionNode.with(KIT, model);
    node.accepts(submit(1, Some.WITH_DOOR, Some.user("Open it.")));
    node.awaitEnd(1);
    node.accepts(submit(2));
    JOURNAL.failNextPersisted(node.persistenceId());
    node.awaitEnd(2);
    assertEquals("assistant: Never mind.", node.history().getLast());
  }

  @Test
  void aToolWhoseIntentionDidNotReachTheJournalHasNotRun() {
    var told = new CompletableFuture<Void>();
    var press = new WaitingTool("press", false).done("pressed");
    var model =
        thatContinues()
            .then(
                Source.from(List.of(fragment(0, "a", "press", "{}"), end()))
                    .map(
                        event -> {
                          told.join();
                          return event;
                        }))
            .says(fragment(0, "b", "press", "{}"), end())
            .says("Pressed.");
    var node = SessionNode.with(KIT, model, press).accepts(submit(1));
    JOURNAL.failNextPersisted(node.persistenceId());
    told.complete(null);
    node.awaitEnd(1);
    assertEquals(List.of("b {}"), press.calls);
    assertFalse(node.log(1).contains("a=press"));
  }

  @Test
  void aDeletedSessionOfWhichOnlyTheDeletionIsLeftOpensAgain() {
    var dead = SessionNode.with(KIT, thatContinues());
    JOURNAL.persistForRecovery(
        dead.persistenceId(), List.of(new SessionEvent.Deleted(4, Some.NOON)));
    var node = dead.diesFor(thatContinues().says("Hello"));
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|Hello|completed|");
    assertEquals("Deleted Opened Accepted Completed", node.journal());
    assertEquals(4, node.view().epoch());
  }

  @Test
  void aSessionOfManyRunsIsTheSameFromItsSnapshot() {
    var model = thatContinues();
    IntStream.rangeClosed(1, 60).forEach(i -> model.says("answer " + i));
    var before = SessionNode.with(KIT, model);
    for (int i = 1; i <= 60; i++) {
      before.accepts(submit(i));
      before.awaitEnd(i);
    }
    var view = before.view();
    assertEquals(120, view.history().size());
    assertEquals(
        1, SnapshotTestKit.create(KIT.system()).persistedInStorage(before.persistenceId()).size());
    var after = before.diesFor(thatContinues().says("again"));
    assertEquals(view, after.view());
    after.accepts(submit(60));
    after.accepts(submit(61));
    after.awaitEnd(61);
    assertEquals(122, after.view().history().size());
    assertEquals(new RunWord.Accepted("agent:writer:desk"), after.log.words(run(61)).getFirst());
  }

  /** A session that has forgotten its first run, having had as many later ones as it remembers. */
  private static SessionNode thatForgot(int runs, ScriptedModel model) {
    var node = SessionNode.with(KIT, model);
    for (int i = 2; i <= runs; i++) {
      model.says("answer " + i);
      node.accepts(submit(i));
      node.awaitEnd(i);
    }
    return node;
  }

  @Test
  void aRunThatWasAnsweredLongAgoIsNotAnsweredAgain() {
    var model = thatContinues().says("Hello");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitEnd(1);
    for (int i = 2; i <= SessionState.Open.MAX_ENDED + 1; i++) {
      model.says("answer " + i);
      node.accepts(submit(i));
      node.awaitEnd(i);
    }
    var before = node.view();
    node.tell(submit(1));
    node.replies.expectMessage(new SessionMessage.Done(List.of(run(1))));
    assertEquals(before, node.view());
    assertEquals("|accepted|Hello|completed|", node.log(1));
  }

  @Test
  void aRunThatWasRefusedLongAgoIsAcceptedWhenItComesAgain() {
    var model = thatContinues();
    var node = thatForgot(SessionState.Open.MAX_ENDED + 2, model);
    model.says("Hello");
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|Hello|completed|");
  }

  @Test
  void whatMayHaveBeenAnsweredIsRefusedWhileItsLogCannotBeRead() {
    var model = thatContinues();
    var node = thatForgot(SessionState.Open.MAX_ENDED + 2, model);
    node.log.away(true);
    node.tell(submit(1));
    node.replies.expectMessage(new SessionMessage.Refused(SessionProblems.UNAVAILABLE));
    node.log.away(false);
    model.says("Hello");
    node.accepts(submit(1));
  }

  @Test
  void aRunThatWentWithItsSessionDoesNotOpenItAgain() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(submit(1));
    node.awaitEnd(1);
    node.accepts(Some.delete());
    node.tell(submit(1));
    node.replies.expectMessage(new SessionMessage.Done(List.of(run(1))));
    assertEquals("Opened Accepted Completed Deleted", node.journal());
  }
}
