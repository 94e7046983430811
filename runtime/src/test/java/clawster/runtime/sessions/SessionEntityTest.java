package clawster.runtime.sessions;

import static clawster.runtime.sessions.ScriptedModel.end;
import static clawster.runtime.sessions.ScriptedModel.fragment;
import static clawster.runtime.sessions.ScriptedModel.text;
import static clawster.runtime.sessions.ScriptedModel.thatContinues;
import static clawster.runtime.sessions.Some.run;
import static clawster.runtime.sessions.Some.submit;
import static clawster.runtime.sessions.Some.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelFailure;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.SessionMessage.Done;
import clawster.runtime.sessions.SessionMessage.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A session as its node sees it: order, work and what leaves it. */
final class SessionEntityTest {

  private static final ActorTestKit KIT = ActorTestKit.create(SessionNode.CONFIG);

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void whatIsSubmittedIsAcceptedAndAnswered() {
    var model = thatContinues().says(text("Hel"), text("lo"), end());
    var node = SessionNode.with(KIT, model);
    node.tell(submit(1));
    node.replies.expectMessage(new Done(List.of(run(1))));
    node.awaitLog(1, "|accepted|Hello|completed|");
    assertEquals("Opened Accepted Completed", node.journal());
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
    node.bell.expectMessage(new SessionBell.Ring(node.id, run(1)));
    var line = node.directory.line(node.id).orElseThrow();
    assertEquals(2, line.messageCount());
    assertEquals(3, line.revision());
    assertTrue(node.isSettled(1));
    assertEquals(
        List.of(
            ModelMessage.text(Role.SYSTEM, "Be brief."),
            ModelMessage.text(Role.USER, "question 1")),
        model.asked.getFirst().messages());
  }

  @Test
  void whoeverSubmitsHearsTheRunFromItsFirstEntry() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello"));
    TestProbe<RunFeed.Heard> listener = KIT.createTestProbe();
    node.session.tell(
        new SessionMessage.Submit(submit(1), Optional.of(listener.ref()), node.replies.ref()));
    assertEquals(0, listener.expectMessageClass(RunFeed.Listening.class).tail());
    assertEquals(1, listener.expectMessageClass(RunFeed.Entries.class).entries().getFirst().seq());
  }

  @Test
  void aSubmitThatIsRepeatedIsAcceptedOnceAndHeardAgain() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    TestProbe<RunFeed.Heard> listener = KIT.createTestProbe();
    node.session.tell(
        new SessionMessage.Submit(submit(1), Optional.of(listener.ref()), node.replies.ref()));
    node.replies.expectMessage(new Done(List.of(run(1))));
    assertEquals(2, listener.expectMessageClass(RunFeed.Listening.class).tail());
    assertEquals("Opened Accepted", node.journal());
  }

  @Test
  void queuedInputRunsWhenTheRunBeforeItIsOver() {
    var model = thatContinues().hangsAfter(text("first")).says("second");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|first");
    node.accepts(submit(2));
    node.awaitLog(2, "|accepted|");
    assertEquals(1, model.asked.size());
    node.accepts(Some.abort(1));
    node.awaitEnd(2);
    assertEquals(
        List.of("Be brief.", "question 1", "first", "question 2"),
        model.asked.getLast().messages().stream().map(SessionEntityTest::said).toList());
  }

  @Test
  void rejectedInputDisturbsNothing() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.accepts(submit(1));
    node.tell(submit(2, InputMode.REJECT, user("now")));
    node.replies.expectMessage(new Refused(SessionProblems.BUSY));
    node.awaitLog(1, "|accepted|Hel");
    assertEquals("Opened Accepted", node.journal());
    assertEquals("", node.log(2));
  }

  @Test
  void anInterruptionKeepsWhatHadBeenShown() {
    var model = thatContinues().hangsAfter(text("Hel")).says("Yes?");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    node.accepts(submit(2, InputMode.INTERRUPT, user("wait")));
    node.awaitEnd(2);
    assertEquals("|accepted|Hel|aborted|", node.log(1));
    assertEquals("Opened Accepted Aborted Accepted Completed", node.journal());
    assertEquals(
        List.of("user: question 1", "assistant: Hel", "user: wait", "assistant: Yes?"),
        node.history());
    SessionNode.await(model.hungUp);
  }

  @Test
  void whatSteersIsAnsweredInTheRunThatGoesOn() {
    var clock = new WaitingTool("clock", true);
    var model = thatContinues().says(fragment(0, "a", "clock", "{}"), end()).says("Both.");
    var node = SessionNode.with(KIT, model, clock).accepts(submit(1));
    SessionNode.await(clock.called);
    node.accepts(Some.steer(2));
    clock.done("noon");
    node.awaitLog(1, "|accepted|a=clock|a ok|steered|Both.|completed|");
    node.awaitLog(2, "|accepted|absorbed|");
    assertEquals(
        "Opened Accepted ToolsIntended Accepted ToolSettled Absorbed Completed", node.journal());
    assertEquals(
        List.of("question 1", "question 2"),
        model.asked.getLast().messages().stream()
            .filter(m -> m.role() == Role.USER)
            .map(SessionEntityTest::said)
            .toList());
    assertTrue(node.isSettled(2));
  }

  @Test
  void anInterruptionThatIsRefusedStopsNothing() {
    var model = thatContinues().hangsAfter(text("Hel"));
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    node.tell(
        new SessionCommand.Submit(
            Some.profile("painter"),
            run(2),
            List.of(user("wait")),
            RunSpec.PLAIN,
            Optional.of(InputMode.INTERRUPT),
            Optional.empty(),
            Some.NOON));
    node.replies.expectMessage(new Refused(SessionProblems.OTHER_AGENT));
    assertFalse(model.hungUp.isDone());
  }

  @Test
  void anAbortKeepsWhatHadBeenShownAndLeavesTheUpstream() {
    var model = thatContinues().hangsAfter(text("Hel"));
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    node.tell(Some.abort(1));
    node.replies.expectMessage(new Done(List.of(run(1))));
    node.awaitLog(1, "|accepted|Hel|aborted|");
    assertEquals(Message.Mark.ABORTED, node.view().history().getLast().mark());
    assertTrue(node.isSettled(1));
    SessionNode.await(model.hungUp);
    node.tell(Some.abort(1));
    node.replies.expectMessage(new Done(List.of()));
  }

  @Test
  void aWaitingRunCanBeAbortedWhileTheOtherGoesOn() {
    var model = thatContinues().hangsAfter(text("Hel"));
    var node = SessionNode.with(KIT, model).accepts(submit(1)).accepts(submit(2));
    node.tell(Some.abort(2));
    node.replies.expectMessage(new Done(List.of(run(2))));
    node.awaitLog(2, "|accepted|aborted|");
    assertFalse(model.hungUp.isDone());
    assertEquals(Optional.of(run(1)), node.view().current().map(SessionState.Run::id));
  }

  @Test
  void abortingAllStopsTheCurrentRunAndThoseThatWait() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.accepts(submit(1)).accepts(submit(2)).accepts(submit(3));
    node.awaitLog(1, "|accepted|Hel");
    node.tell(Some.abortAll());
    assertEquals(3, node.replies.expectMessageClass(Done.class).runs().size());
    node.awaitLog(1, "|accepted|Hel|aborted|");
    node.awaitLog(3, "|accepted|aborted|");
    assertTrue(node.view().idle());
  }

  @Test
  void aToolRunsBetweenTwoCallsOfTheModel() {
    var clock = new WaitingTool("clock", true).done("noon");
    var model =
        thatContinues()
            .says(text("Let me see."), fragment(0, "a", "clock", "{}"), end())
            .says("It is noon.");
    var node = SessionNode.with(KIT, model, clock).accepts(submit(1));
    node.awaitLog(1, "|accepted|Let me see.|a=clock|a ok|It is noon.|completed|");
    assertEquals("Opened Accepted ToolsIntended ToolSettled Completed", node.journal());
    assertEquals(List.of("a {}"), clock.calls);
    assertEquals(
        List.of(
            "user: question 1", "assistant: Let me see.", "tool: noon", "assistant: It is noon."),
        node.history());
    assertEquals(ScriptedModel.USAGE.plus(ScriptedModel.USAGE), node.view().usage());
    assertEquals("noon", said(model.asked.getLast().messages().getLast()));
  }

  @Test
  void whatGoesWrongWithAToolIsToldToTheModel() {
    var broken = new WaitingTool("clock", true);
    broken.result.completeExceptionally(new IllegalStateException("no battery"));
    var model =
        thatContinues()
            .says(fragment(0, "a", "clock", "{}"), fragment(1, "b", "compass", "{}"), end())
            .says("Sorry.");
    var node = SessionNode.with(KIT, model, broken).accepts(submit(1));
    node.awaitEnd(1);
    var results =
        node.view().history().stream()
            .filter(m -> m.role() == Role.TOOL)
            .map(Message::text)
            .sorted()
            .toList();
    assertTrue(results.getFirst().startsWith("the tool failed"), results::toString);
    assertEquals("there is no tool named compass", results.getLast());
    assertTrue(node.log(1).contains("a error") && node.log(1).contains("b error"));
  }

  @Test
  void aToolWorksInTheSessionsOwnDirectory() {
    var clock = new WaitingTool("clock", true).done("noon");
    var node =
        SessionNode.with(
            KIT, thatContinues().says(fragment(0, "a", "clock", "{}"), end()).says("Noon."), clock);
    node.accepts(submit(1));
    node.awaitEnd(1);
    var id = SessionId.of(Some.PROFILE.key()).toString();
    assertEquals(List.of(Path.of("workspaces", "writer", id)), clock.workspaces);
  }

  @Test
  void aCallIsForcedOnce() {
    var last = Map.of("required", false, "auto", true, "none", true);
    last.forEach(
        (choice, stays) -> {
          var clock = new WaitingTool("clock", true).done("noon");
          var model =
              thatContinues().says(fragment(0, "a", "clock", "{}"), end()).says("It is noon.");
          var node = SessionNode.with(KIT, model, clock);
          Map<String, Object> options = Map.of("tool_choice", choice, "temperature", 0);
          node.accepts(
              new SessionCommand.Submit(
                  Some.PROFILE,
                  run(1),
                  List.of(Some.user("What time is it?")),
                  new RunSpec("", List.of(), options),
                  Optional.of(InputMode.QUEUE),
                  Optional.empty(),
                  Some.NOON));
          node.awaitEnd(1);
          assertEquals(options, model.asked.getFirst().options());
          assertEquals(stays ? options : Map.of("temperature", 0), model.asked.getLast().options());
        });
  }

  @Test
  void anAbortInterruptsATool() {
    var slow = new WaitingTool("clock", true);
    var model = thatContinues().says(fragment(0, "a", "clock", "{}"), end());
    var node = SessionNode.with(KIT, model, slow).accepts(submit(1));
    SessionNode.await(slow.called);
    node.accepts(Some.abort(1));
    SessionNode.await(slow.interrupted);
    node.awaitLog(1, "|accepted|a=clock|aborted|");
    assertEquals("Opened Accepted ToolsIntended Aborted", node.journal());
  }

  @Test
  void aCallOfTheClientEndsTheTurnAndItsResultBeginsTheNext() {
    var model =
        thatContinues().says(fragment(0, "a", "open_door", "{}"), end()).says("It is open.");
    var node = SessionNode.with(KIT, model);
    node.accepts(submit(1, Some.WITH_DOOR, user("Open it.")));
    node.awaitLog(1, "|accepted|a=open_door of client|completed|");
    assertEquals(List.of("a"), node.view().awaited().stream().map(Call::id).toList());
    node.accepts(submit(2, Some.WITH_DOOR, Some.result(Some.client("a"))));
    node.awaitLog(2, "|accepted|It is open.|completed|");
    assertEquals(List.of(), node.view().awaited());
  }

  @Test
  void inputThatWaitsForAClientsResultsGoesOnWithoutThemAfterAWhile() {
    var model =
        thatContinues().says(fragment(0, "a", "open_door", "{}"), end()).says("Never mind.");
    var node = SessionNode.with(KIT, model);
    node.accepts(submit(1, Some.WITH_DOOR, user("Open it.")));
    node.awaitEnd(1);
    var told = System.nanoTime();
    node.accepts(submit(2));
    node.awaitLog(2, "|accepted|Never mind.|completed|");
    assertTrue(System.nanoTime() - told >= SessionNode.RESULTS.toNanos());
    assertEquals("Opened Accepted Completed Accepted AwaitedDropped Completed", node.journal());
  }

  @Test
  void inputThatWaitsForAClientsResultsOnceMoreGoesOnWithoutThemOnceMore() {
    var model =
        thatContinues()
            .says(fragment(0, "a", "open_door", "{}"), end())
            .says(fragment(0, "b", "open_door", "{}"), end())
            .says("Never mind.");
    var node = SessionNode.with(KIT, model);
    node.accepts(submit(1, Some.WITH_DOOR, user("Open it.")));
    node.awaitEnd(1);
    node.accepts(submit(2, Some.WITH_DOOR, user("Do open it.")));
    node.awaitEnd(2);
    node.accepts(submit(3));
    node.awaitLog(3, "|accepted|Never mind.|completed|");
  }

  @Test
  void aFailureOfTheModelEndsTheRunWithWhatWasShown() {
    var node =
        SessionNode.with(KIT, thatContinues().failsAfter(ModelFailure.Kind.TIMEOUT, text("Hel")));
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel|failed upstream.timeout|");
    assertEquals(Message.Mark.INCOMPLETE, node.view().history().getLast().mark());
    assertTrue(node.isSettled(1));
  }

  @Test
  void aModelNobodyProvidesFailsTheRun() {
    var node = SessionNode.with(KIT, thatContinues());
    node.accepts(submit(1, new RunSpec("nobody/words", List.of(), Map.of()), user("Hello?")));
    node.awaitLog(1, "|accepted|failed model.unknown|");
  }

  @Test
  void itsOpenRunsCanBeAskedForAlone() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.session.tell(new SessionMessage.ListRuns(node.replies.ref()));
    node.replies.expectMessage(new Refused(SessionProblems.NOT_FOUND));
    node.accepts(submit(2)).accepts(submit(1));
    node.session.tell(new SessionMessage.ListRuns(node.replies.ref()));
    node.replies.expectMessage(new Done(List.of(run(1), run(2))));
    node.accepts(Some.abortAll());
    node.session.tell(new SessionMessage.ListRuns(node.replies.ref()));
    node.replies.expectMessage(new Done(List.of()));
  }

  @Test
  void aDeletedSessionIsGoneWithItsRunsAndItsLine() {
    var model = thatContinues().hangsAfter(text("Hel"));
    var node = SessionNode.with(KIT, model).accepts(submit(1)).accepts(submit(2));
    node.awaitLog(1, "|accepted|Hel");
    node.accepts(Some.delete());
    node.awaitLog(1, "|accepted|Hel|aborted|");
    node.awaitLog(2, "|accepted|aborted|");
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(new Refused(SessionProblems.NOT_FOUND));
    node.await(() -> assertEquals(Optional.empty(), node.directory.line(node.id)));
    SessionNode.await(model.hungUp);
  }

  @Test
  void aResetSessionBeginsAnew() {
    var model = thatContinues().says("Hello").says("Hello again");
    var node = SessionNode.with(KIT, model).accepts(submit(1));
    node.awaitEnd(1);
    node.accepts(Some.reset()).accepts(submit(2));
    node.awaitEnd(2);
    assertEquals(List.of("user: question 2", "assistant: Hello again"), node.history());
    assertEquals(2, model.asked.getLast().messages().size());
  }

  @Test
  void whatComesAfterAResetIsNotResetWithIt() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")).says("Yes?"));
    node.accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    node.tell(Some.reset());
    node.tell(submit(2));
    node.replies.expectMessage(new Done(List.of(run(1))));
    node.replies.expectMessage(new Done(List.of(run(2))));
    node.awaitLog(2, "|accepted|Yes?|completed|");
    assertEquals(List.of("user: question 2", "assistant: Yes?"), node.history());
  }

  @Test
  void inputThatCameByReferenceIsLoadedAndAnswered() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello"));
    var messages = new BigMessages(KIT.system(), node.payloads);
    var stored = messages.store(submit(1)).toCompletableFuture().join();
    node.session.tell(
        new SessionMessage.StoredSubmit(stored, Optional.empty(), node.replies.ref()));
    node.replies.expectMessage(new Done(List.of(run(1))));
    node.awaitEnd(1);
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
  }

  @Test
  void inputThatIsNotWhereItShouldBeIsRefused() {
    var node = SessionNode.with(KIT, thatContinues());
    node.session.tell(
        new SessionMessage.StoredSubmit(UUID.randomUUID(), Optional.empty(), node.replies.ref()));
    node.replies.expectMessage(new Refused(SessionProblems.UNAVAILABLE));
    assertEquals("", node.journal());
  }

  @Test
  void nobodyReadsOrChangesWhatIsNotThere() {
    var node = SessionNode.with(KIT, thatContinues());
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(new Refused(SessionProblems.NOT_FOUND));
    node.tell(Some.label("x"));
    node.replies.expectMessage(new Refused(SessionProblems.NOT_FOUND));
    assertEquals("", node.journal());
  }

  @Test
  void aStatelessSessionLeavesWhenItHasAnswered() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    var stateless =
        SessionProfile.opened(new SessionKey("call"), "writer", false, "http", "system");
    node.accepts(
        new SessionCommand.Submit(
            stateless,
            run(1),
            List.of(user("Hello?")),
            RunSpec.PLAIN,
            Optional.of(InputMode.QUEUE),
            Optional.empty(),
            Some.NOON));
    node.awaitLog(1, "|accepted|Hel");
    node.accepts(Some.abort(1));
    leaves(node);
  }

  @Test
  void aSessionWithNothingToDoLeavesAfterAWhile() {
    var node = SessionNode.with(KIT, Duration.ofMillis(50), thatContinues().says("Hello"));
    node.accepts(submit(1));
    node.awaitEnd(1);
    leaves(node);
    assertEquals("Opened Accepted Completed", node.journal());
  }

  @Test
  void aSessionThatWaitsForTheModelStays() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.accepts(submit(1));
    node.session.tell(new Inside.Idle());
    assertFalse(node.view().idle());
    node.shard.expectNoMessage();
    node.accepts(Some.abort(1));
    node.session.tell(new Inside.Idle());
    leaves(node);
  }

  @Test
  void aSessionThatStopsLeavesTheLogsOfItsRuns() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")));
    node.accepts(submit(1)).accepts(submit(2));
    node.awaitLog(1, "|accepted|Hel");
    node.awaitLog(2, "|accepted|");
    KIT.stop(node.session);
    for (int number : new int[] {1, 2}) {
      var late = node.log.append(run(number), 0, new RunWord.Text("late")).toCompletableFuture();
      assertTrue(late.isCompletedExceptionally());
    }
  }

  /** Asks its shard to be stopped, and stops when told. */
  private static void leaves(SessionNode node) {
    assertEquals(new ClusterSharding.Passivate<>(node.session), node.shard.receiveMessage());
    node.session.tell(SessionMessage.Passivate.NOW);
    KIT.createTestProbe().expectTerminated(node.session);
  }

  private static String said(ModelMessage message) {
    return ((ModelMessage.Part.Text) message.content().getFirst()).text();
  }
}
