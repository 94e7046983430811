package clawster.runtime.sessions;

import static clawster.runtime.sessions.ScriptedModel.text;
import static clawster.runtime.sessions.ScriptedModel.thatContinues;
import static clawster.runtime.sessions.Some.NOON;
import static clawster.runtime.sessions.Some.run;
import static clawster.runtime.sessions.Some.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.nodes.UnreadableSessions.Told;
import clawster.runtime.sessions.SessionMessage.Refused;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A row that cannot be read, and a command that is a bug: whoever asks is told, and soon. */
final class UnreadableSessionTest {

  private static final ActorTestKit KIT = ActorTestKit.create(SessionNode.CONFIG);
  private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());

  private static final SessionEvent OPENED = new SessionEvent.Opened(Some.PROFILE, NOON);

  /** What the rules cannot take in, whatever they are told before. */
  private static final SessionCommand POISON =
      new SessionCommand.Patch(null, Optional.empty(), Optional.empty(), Optional.empty(), NOON);

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  /** A session whose second event cannot follow the first. */
  private static SessionNode unreadable() {
    var before = SessionNode.with(KIT, thatContinues());
    assertNotThere(before);
    JOURNAL.persistForRecovery(before.persistenceId(), List.of(OPENED, OPENED));
    return before.diesFor(thatContinues().says("Hello"));
  }

  private static void assertNotThere(SessionNode node) {
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(new Refused(SessionProblems.NOT_FOUND));
  }

  private static void mend(SessionNode node) {
    JOURNAL.clearByPersistenceId(node.persistenceId());
    JOURNAL.persistForRecovery(node.persistenceId(), List.of(OPENED));
  }

  private static Refused told(SessionNode node) {
    return new Refused(SessionProblems.UNREADABLE.with("session", node.id.toString()));
  }

  private static Refused fault(SessionNode node) {
    return new Refused(SessionProblems.FAULT.with("session", node.id.toString()));
  }

  private static void assertUnreadable(SessionNode node) {
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(told(node));
  }

  @Test
  void whoeverAsksIsTold() {
    var node = unreadable();
    for (int i = 0; i < 3; i++) {
      node.session.tell(new SessionMessage.Read(node.views.ref()));
      node.tell(submit(1));
      node.tell(Some.abortAll());
      node.views.expectMessage(told(node));
      for (int j = 0; j < 2; j++) {
        node.replies.expectMessage(told(node));
      }
    }
    var list = node.activity.unreadable().told();
    assertEquals(1, list.count());
    var known = list.first().getFirst();
    assertEquals(node.id.toString(), known.session());
    assertEquals(NOON, known.since());
    assertTrue(known.reason().contains("after event 2"), known.reason());
    assertTrue(known.reason().contains("Opened cannot follow"), known.reason());
  }

  private static void assertDeleted(SessionNode node) {
    node.session.tell(new SessionMessage.Read(node.views.ref()));
    node.views.expectMessage(new Refused(SessionProblems.NOT_FOUND));
    assertEquals(Told.NONE, node.activity.unreadable().told());
    assertEquals(Optional.empty(), node.directory.line(node.id));
  }

  private static int epoch(SessionNode node) {
    var deleted =
        (SessionEvent.Deleted) JOURNAL.persistedInStorage(node.persistenceId()).getFirst();
    return deleted.epoch();
  }

  @Test
  void whoFindsItUnreadableMayDeleteIt() {
    var node = unreadable();
    assertUnreadable(node);
    node.accepts(Some.delete());
    assertDeleted(node);
    assertEquals("Deleted", node.journal());
    assertEquals(3, epoch(node));
  }

  @Test
  void itIsDeletedForWhoeverCameBeforeItWasFoundUnreadable() {
    var node = unreadable();
    node.accepts(Some.delete());
    assertDeleted(node);
  }

  @Test
  void onceDeletedItBeginsAnewHereAndElsewhere() {
    var node = unreadable();
    node.accepts(Some.delete());
    node.accepts(submit(1));
    node.awaitEnd(1);
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
    var next = node.diesFor(thatContinues().says("Again"));
    assertEquals(2, next.history().size());
    next.accepts(submit(2));
    next.awaitEnd(2);
    assertEquals(4, next.history().size());
    assertEquals(3, next.view().epoch());
    assertEquals("Deleted Opened Accepted Completed Accepted Completed", next.journal());
  }

  @Test
  void whatIsUnreadableAgainIsDeletedAgainUnderANewerEpoch() {
    var node = unreadable();
    node.accepts(Some.delete());
    int before = epoch(node);
    JOURNAL.persistForRecovery(node.persistenceId(), List.of(OPENED, OPENED));
    var next = node.diesFor(thatContinues());
    assertUnreadable(next);
    next.accepts(Some.delete());
    assertDeleted(next);
    assertTrue(epoch(next) > before, "epoch " + epoch(next));
  }

  @Test
  void itsRunsThatWereOpenAreAborted() {
    var before = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel"))).accepts(submit(1));
    before.awaitLog(1, "|accepted|Hel");
    JOURNAL.persistForRecovery(before.persistenceId(), List.of(OPENED));
    var node = before.diesFor(thatContinues());
    node.accepts(Some.delete());
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.awaitLog(1, "|accepted|Hel|claimed|aborted|");
  }

  @Test
  void whereItCannotBeDeletedWhoeverWantedItIsTold() {
    var node = unreadable();
    assertUnreadable(node);
    node.directory.away = true;
    node.tell(Some.delete());
    node.replies.expectMessage(new Refused(SessionProblems.UNAVAILABLE));
    assertUnreadable(node);
    node.directory.away = false;
    node.accepts(Some.delete());
    assertDeleted(node);
  }

  @Test
  void aJournalThatIsAwayIsWaitedForToDeleteIt() {
    var node = unreadable();
    assertUnreadable(node);
    JOURNAL.failNextPersisted(node.persistenceId());
    node.accepts(Some.delete());
    assertDeleted(node);
  }

  @Test
  void onceMendedItIsReadForWhoeverComesInItsTime() {
    var node = unreadable();
    assertUnreadable(node);
    mend(node);
    assertUnreadable(node);
    node.clock.passes(Doorkeeper.AGAIN_FOR_CALLERS);
    assertEquals(List.of(), node.view().history());
    node.await(() -> assertEquals(Told.NONE, node.activity.unreadable().told()));
    node.accepts(submit(1));
    node.awaitEnd(1);
    assertEquals(List.of("user: question 1", "assistant: Hello"), node.history());
  }

  @Test
  void whileItIsNotMendedItIsTriedAgainAndStaysTheSame() {
    var node = unreadable();
    for (int i = 0; i < 500; i++) {
      assertUnreadable(node);
      node.clock.passes(Doorkeeper.AGAIN_FOR_CALLERS);
    }
    assertUnreadable(node);
    assertEquals(NOON, node.activity.unreadable().told().first().getFirst().since());
  }

  @Test
  void aNoteOfAnOwedRunHasItReadSeldom() {
    var node = unreadable();
    assertUnreadable(node);
    mend(node);
    node.clock.passes(Doorkeeper.AGAIN_FOR_CALLERS.multipliedBy(2));
    node.session.tell(new SessionMessage.Wake(run(1), true));
    KIT.createTestProbe().expectNoMessage(Duration.ofMillis(200));
    assertEquals(1, node.activity.unreadable().told().count());
    node.clock.passes(Doorkeeper.AGAIN_FOR_NOTES);
    node.session.tell(new SessionMessage.Wake(run(1), true));
    node.await(() -> assertEquals(Told.NONE, node.activity.unreadable().told()));
    node.await(() -> assertTrue(node.isSettled(1)));
  }

  @Test
  void whoeverHandsItOverNeedNotReadIt() {
    var node = unreadable();
    assertUnreadable(node);
    node.session.tell(SessionMessage.Passivate.NOW);
    KIT.createTestProbe().expectTerminated(node.session);
    assertEquals(Told.NONE, node.activity.unreadable().told());
    var moved = node.diesFor(thatContinues());
    moved.session.tell(SessionMessage.Passivate.NOW);
    KIT.createTestProbe().expectTerminated(moved.session);
  }

  @Test
  void bytesThatAreNothingMakeItUnreadable() {
    var before = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(submit(1));
    before.awaitEnd(1);
    JOURNAL.failNextRead(before.persistenceId(), new NotSerializableException("no such name"));
    var node = before.diesFor(thatContinues());
    assertUnreadable(node);
    node.clock.passes(Doorkeeper.AGAIN_FOR_CALLERS);
    assertEquals(2, node.history().size());
  }

  @Test
  void aJournalThatIsAwayIsWaitedFor() {
    var before = SessionNode.with(KIT, thatContinues().says("Hello")).accepts(submit(1));
    before.awaitEnd(1);
    JOURNAL.failNextRead(before.persistenceId(), new TimeoutException("10 s"));
    var node = before.diesFor(thatContinues());
    assertEquals(2, node.history().size());
    assertEquals(Told.NONE, node.activity.unreadable().told());
  }

  @Test
  void aCommandThatIsABugIsAFaultAndStopsNothing() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel"))).accepts(submit(1));
    node.awaitLog(1, "|accepted|Hel");
    for (int i = 0; i < 3; i++) {
      node.tell(POISON);
      node.replies.expectMessage(fault(node));
    }
    node.accepts(Some.label("desk"));
    assertEquals("Opened Accepted Patched", node.journal());
    assertEquals("|accepted|Hel", node.log(1));
  }

  @Test
  void aMessageThatCannotBeHandledIsAFaultOnceAndTheSessionGoesOn() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello"));
    node.session.tell(new SessionMessage.Submit(submit(1), null, node.replies.ref()));
    node.replies.expectMessage(fault(node));
    node.accepts(submit(2));
    node.awaitEnd(2);
    node.replies.expectNoMessage(Duration.ofMillis(100));
    assertEquals("Opened Accepted Completed", node.journal());
  }

  @Test
  void whatTheJournalRejectsIsAFault() {
    var node = SessionNode.with(KIT, thatContinues().says("Hello"));
    JOURNAL.rejectNextPersisted(node.persistenceId());
    node.tell(submit(1));
    node.replies.expectMessage(fault(node));
    node.accepts(submit(2));
    node.awaitEnd(2);
  }

  @Test
  void aSessionThatReadsItsJournalAgainIsStillAtWork() {
    var node = SessionNode.with(KIT, thatContinues().hangsAfter(text("Hel")).hangsAfter());
    node.accepts(submit(1));
    JOURNAL.failNextPersisted(node.persistenceId());
    node.tell(submit(2));
    node.accepts(submit(3));
    node.await(() -> assertEquals(2, node.activity.runs()));
  }
}
