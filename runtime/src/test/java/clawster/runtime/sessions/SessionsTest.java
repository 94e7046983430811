package clawster.runtime.sessions;

import static clawster.runtime.sessions.ScriptedModel.text;
import static clawster.runtime.sessions.ScriptedModel.thatContinues;
import static clawster.runtime.sessions.Some.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.nodes.Activity;
import clawster.runtime.nodes.SessionPlaces;
import clawster.runtime.runs.InMemoryRunLog;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import clawster.runtime.tools.Toolbox;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A few stories of a whole node, alone in its cluster. */
final class SessionsTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  pekko.actor.provider = cluster
                  pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  pekko.cluster.jmx.enabled = off
                  pekko.stream.materializer.subscription-timeout.timeout = 100ms
                  """)
              .withFallback(SessionNode.CONFIG));

  private static final ScriptedModel MODEL = thatContinues();
  private static final WaitingTool CLOCK = new WaitingTool("clock", true);
  private static final InMemoryDirectory DIRECTORY = new InMemoryDirectory(_ -> {});
  private static final RequestClaims CLAIMS = new InMemoryRequestClaims();
  private static final InMemoryPayloads PAYLOADS = new InMemoryPayloads();
  private static InMemoryRunLog log;
  private static Sessions sessions;

  @BeforeAll
  static void start() {
    var cluster = Cluster.get(KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ActorRef<RunFeed.Command> feed = KIT.spawn(RunFeed.create());
    log = new InMemoryRunLog(feed::tell);
    sessions =
        new Sessions(
            KIT.system(),
            new SessionParts(
                log,
                feed,
                KIT.spawn(SessionBell.create()),
                DIRECTORY,
                CLAIMS,
                new InMemoryCallers(new OneNode("here")),
                PAYLOADS,
                Agents.of(List.of(new Agent("writer", "Writer", "scripted/words", ""))),
                MODEL.catalogue(),
                new Toolbox(List.of(CLOCK)),
                Path.of("workspaces"),
                Executors.newVirtualThreadPerTaskExecutor(),
                new Activity(),
                Clock.systemUTC(),
                () -> Duration.ofMinutes(1),
                Duration.ofMinutes(2)),
            new SessionPlaces(Cluster.get(KIT.system()).selfMember().address(), Map::of));
  }

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void whoeverSubmitsReadsTheRunToItsEnd() {
    MODEL.says("Hello");
    var entries = accepted(submit("submits", 1));
    assertEquals(1, entries.getFirst().seq());
    assertInstanceOf(RunWord.Completed.class, entries.getLast().word());
    var view = assertInstanceOf(SessionMessage.View.class, await(sessions.read(key("submits"))));
    assertEquals(2, view.state().history().size());
  }

  @Test
  void runsAreListedInTheOrderInWhichTheyWereAccepted() {
    for (int number : List.of(303, 301, 302)) {
      MODEL.says("Hello");
      accepted(submit("late", number));
    }
    var key = key("late");
    assertEquals(
        List.of(run(303), run(301), run(302)), await(sessions.runs(key, Optional.empty())));
    assertEquals(List.of(run(302)), await(sessions.runs(key, Optional.of(run(301)))));
    assertEquals(Optional.of(run(302)), await(sessions.newestRun(key)));
    assertTrue(await(sessions.hasBegun(key, run(301))));
    assertFalse(await(sessions.hasBegun(key("submits"), run(301))));
  }

  @Test
  void whatIsRefusedLeavesNoNote() {
    MODEL.hangsAfter(text("Hel"));
    await(sessions.submit(submit("refused", 11)));
    isShown(run(11), new RunWord.Text("Hel"));
    var again = submit("refused", 12, InputMode.REJECT);
    assertEquals(
        new Sessions.Submitted.Refused(SessionProblems.BUSY), await(sessions.submit(again)));
    assertTrue(DIRECTORY.settled.contains(run(12)));
    await(sessions.change(key("refused"), Some.abortAll()));
  }

  @Test
  void whatIsRefusedAndMayComeAgainKeepsItsNoteAndIsAcceptedThen() {
    MODEL.hangsAfter(text("Hel"));
    await(sessions.submit(submit("again", 91)));
    isShown(run(91), new RunWord.Text("Hel"));
    var asking = new Callers.Asking(new RequestHash("again"), "here");
    var again = submit("again", 92, InputMode.REJECT);
    var refused = await(sessions.submit(again, Optional.of(asking)));
    assertEquals(new Sessions.Submitted.Refused(SessionProblems.BUSY), refused);
    assertFalse(DIRECTORY.settled.contains(run(92)));
    await(sessions.change(key("again"), Some.abortAll()));
    MODEL.says("Hello");
    for (int i = 0; i < 3; i++) {
      var answer =
          assertInstanceOf(
              Sessions.Submitted.Accepted.class,
              await(sessions.submitAgain(again, asking, Supplier::get)));
      var entries = all(answer.entries());
      assertInstanceOf(RunWord.Accepted.class, entries.getFirst().word());
      assertInstanceOf(RunWord.Completed.class, entries.getLast().word());
    }
    var view = assertInstanceOf(SessionMessage.View.class, await(sessions.read(key("again"))));
    assertEquals(4, view.state().history().size());
  }

  /** Else a run that a limit refused would begin when its request came again. */
  @Test
  void whatComesAgainPassesTheGateUnlessItIsThere() {
    var asking = new Callers.Asking(new RequestHash("gate"), "here");
    var command = submit("gate", 95);
    var no = new Sessions.Submitted.Refused(SessionProblems.QUEUE_FULL);
    Sessions.Gate shut = _ -> CompletableFuture.completedStage(no);
    assertEquals(no, await(sessions.submitAgain(command, asking, shut)));
    assertFalse(await(sessions.hasEntry(run(95), 1)));
    MODEL.says("Hello");
    accepted(submit("gate", 95));
    assertInstanceOf(
        Sessions.Submitted.Accepted.class, await(sessions.submitAgain(command, asking, shut)));
  }

  @Test
  void onlyWhatWasRefusedForSureHasNotBegun() {
    var sure =
        SessionProblems.ALL.stream()
            .filter(problem -> !new Sessions.Submitted.Refused(problem).mayHaveBegun())
            .toList();
    assertEquals(
        List.of(
            SessionProblems.NOT_FOUND,
            SessionProblems.BUSY,
            SessionProblems.QUEUE_FULL,
            SessionProblems.NODE_BUSY,
            SessionProblems.OTHER_AGENT),
        sure);
  }

  @Test
  void resettingAndDeletingForgetWhatWasClaimed() {
    var commands = List.of(Some.reset(), Some.delete());
    for (var command : commands) {
      MODEL.says("Hello");
      accepted(submit("forgets", 101 + commands.indexOf(command)));
      var claim = new RequestClaims.Claim(new RequestHash("h"), run(101), key("forgets"));
      await(CLAIMS.claim("me", command.toString(), claim));
      await(sessions.change(key("forgets"), Some.label("x" + command)));
      assertFalse(await(CLAIMS.claim("me", command.toString(), claim)).forgotten());
      await(sessions.change(key("forgets"), command));
      assertTrue(await(CLAIMS.claim("me", command.toString(), claim)).forgotten());
    }
  }

  @Test
  void aNodeThatHasTooMuchToWriteAsksItsCallersToWait() {
    var before = DIRECTORY.durable;
    DIRECTORY.durable = CompletableFuture.failedFuture(new RejectedExecutionException("full"));
    try {
      assertEquals(
          new Sessions.Submitted.Refused(SessionProblems.NODE_BUSY),
          await(sessions.submit(submit("too much", 71))));
    } finally {
      DIRECTORY.durable = before;
    }
  }

  @Test
  void aRunIsReadWholeThoughItsAcceptanceTookLong() {
    MODEL.says("Hello");
    DIRECTORY.durable = new CompletableFuture<>();
    DIRECTORY.durable.completeOnTimeout(null, 500, TimeUnit.MILLISECONDS);
    var entries = accepted(submit("slow", 61));
    assertInstanceOf(RunWord.Completed.class, entries.getLast().word());
  }

  @Test
  void theThreadThatNotesARunDoesNotSendIt() throws InterruptedException {
    MODEL.says("Hello");
    DIRECTORY.durable = new CompletableFuture<>();
    var big = Some.user("x".repeat(BigMessages.MAX_CHARS + 1));
    var command = submit("noted", 62);
    var submitted =
        sessions.submit(
            new SessionCommand.Submit(
                command.opening(),
                command.run(),
                List.of(big),
                command.spec(),
                command.mode(),
                Optional.empty(),
                Some.NOON));
    var writer = Thread.ofPlatform().start(() -> DIRECTORY.durable.complete(null));
    writer.join();
    assertInstanceOf(Sessions.Submitted.Accepted.class, await(submitted));
    assertNotEquals(writer, PAYLOADS.lastWriter);
  }

  @Test
  void aRunIsFollowedFromWhereverOneWas() {
    MODEL.says("Hello");
    var entries = accepted(submit("followed", 21));
    for (int after = 0; after <= entries.size(); after++) {
      assertEquals(
          entries.subList(after, entries.size()),
          all(sessions.follow(key("followed"), run(21), after)));
    }
  }

  @Test
  void whoeverSteeredReadsTheRunItJoinedFromThereOn() {
    MODEL.says(ScriptedModel.fragment(0, "a", "clock", "{}"), ScriptedModel.end()).says("Both.");
    var first = submitted(submit("steered", 81));
    await(CLOCK.called);
    var second = submitted(submit("steered", 82, InputMode.STEER));
    CLOCK.done("noon");
    var whole = all(first.entries());
    var answer = all(second.entries());
    int from = whole.indexOf(whole.stream().filter(SessionsTest::isSteered).findFirst().get());
    assertInstanceOf(RunWord.Accepted.class, answer.getFirst().word());
    assertEquals(whole.subList(from, whole.size()), answer.subList(1, answer.size()));
    assertEquals(answer, all(sessions.answer(key("steered"), run(82))));
    assertEquals(
        new RunWord.Absorbed(run(81)),
        all(sessions.follow(key("steered"), run(82), 0)).getLast().word());
  }

  private static boolean isSteered(RunEntry entry) {
    return entry.word().equals(new RunWord.Steered(run(82)));
  }

  @Test
  void whoeverWatchesHearsOfEveryRun() {
    TestProbe<RunId> watcher = KIT.createTestProbe();
    sessions.watch(key("watched"), watcher.ref());
    for (int number : new int[] {31, 32}) {
      MODEL.says("Hello");
      accepted(submit("watched", number));
      watcher.expectMessage(run(number));
    }
  }

  @Test
  void aStatelessSessionComesBackForTheNextCall() {
    for (int number : new int[] {41, 42}) {
      MODEL.says("Hello");
      var command = submit("stateless", number);
      var opening = SessionProfile.opened(command.opening().key(), "writer", false, "http", "x");
      accepted(
          new SessionCommand.Submit(
              opening,
              command.run(),
              command.input(),
              command.spec(),
              command.mode(),
              Optional.empty(),
              Some.NOON));
    }
  }

  @Test
  void whatIsOwedIsDoneThoughNobodyAsks() {
    var id = SessionId.of(key("owed"));
    var command = submit("owed", 51);
    PersistenceTestKit.create(KIT.system())
        .persistForRecovery(
            "session|" + id,
            List.of(
                new SessionEvent.Opened(command.opening(), Some.NOON),
                new SessionEvent.Accepted(
                    run(51), command.input(), RunSpec.PLAIN, false, Some.NOON)));
    await(DIRECTORY.owe(id, run(51)));
    MODEL.says("Hello");
    OwedWork.start(KIT.system(), sessions);
    isShown(run(51), new RunWord.Text("Hello"));
    var entries = all(sessions.follow(key("owed"), run(51), 0));
    assertInstanceOf(RunWord.Completed.class, entries.getLast().word());
  }

  @Test
  void notesThatCannotBeSettledDoNotHideNewerOnes() {
    TestProbe<RunId> woken = KIT.createTestProbe();
    looksAt(5, Duration.ofMillis(20), woken);
    expect(woken, IntStream.of(1, 2, 3, 4, 5, 1, 2));
  }

  /** Pages follow each other at once, but not for ever. */
  @Test
  void whatAMemberThatIsRemovedMayOweIsLookedForFromTheBeginning() {
    TestProbe<RunId> woken = KIT.createTestProbe();
    var owedWork = looksAt(25, Duration.ofHours(1), woken);
    expect(woken, IntStream.rangeClosed(1, 20));
    owedWork.tell(new OwedWork.MemberRemoved());
    expect(woken, IntStream.rangeClosed(1, 20));
  }

  @Test
  void aMemberThatIsRemovedDuringALookIsNotForgotten() {
    TestProbe<RunId> woken = KIT.createTestProbe();
    var looked = new CompletableFuture<List<SessionDirectory.OwedRun>>();
    var owing = owing(3);
    var looking = new CompletableFuture<Void>();
    var owedWork =
        KIT.spawn(
            OwedWork.create(
                (last, limit) -> looking.complete(null) ? looked : owing.owed(last, limit),
                (owed, _) -> woken.ref().tell(owed.run()),
                2,
                Duration.ofHours(1)));
    await(looking);
    owedWork.tell(new OwedWork.MemberRemoved());
    looked.complete(List.of());
    expect(woken, IntStream.rangeClosed(1, 3));
  }

  private static InMemoryDirectory owing(int runs) {
    var directory = new InMemoryDirectory(_ -> {});
    var session = SessionId.of(key("many"));
    IntStream.rangeClosed(1, runs).forEach(number -> directory.owe(session, run(number)));
    return directory;
  }

  /** Two at a time. */
  private static ActorRef<OwedWork.Command> looksAt(
      int runs, Duration every, TestProbe<RunId> woken) {
    return KIT.spawn(
        OwedWork.create(owing(runs)::owed, (owed, _) -> woken.ref().tell(owed.run()), 2, every));
  }

  private static void expect(TestProbe<RunId> woken, IntStream numbers) {
    numbers.forEach(number -> woken.expectMessage(run(number)));
  }

  private static void isShown(RunId run, RunWord word) {
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              assertTrue(log.words(run).contains(word));
              return null;
            });
  }

  private static SessionKey key(String name) {
    return new SessionKey("agent:writer:" + name);
  }

  private static SessionCommand.Submit submit(String name, int run) {
    return submit(name, run, InputMode.QUEUE);
  }

  private static SessionCommand.Submit submit(String name, int run, InputMode mode) {
    return new SessionCommand.Submit(
        SessionProfile.opened(key(name), "writer", true, "http", "kari"),
        run(run),
        List.of(Some.user("Greet me.")),
        RunSpec.PLAIN,
        Optional.of(mode),
        Optional.empty(),
        Some.NOON);
  }

  /** All entries of a run that is accepted; they are dense. */
  private static List<RunEntry> accepted(SessionCommand.Submit command) {
    var entries = all(submitted(command).entries());
    assertEquals(
        LongStream.rangeClosed(1, entries.size()).boxed().toList(),
        entries.stream().map(RunEntry::seq).toList());
    return entries;
  }

  private static Sessions.Submitted.Accepted submitted(SessionCommand.Submit command) {
    return assertInstanceOf(Sessions.Submitted.Accepted.class, await(sessions.submit(command)));
  }

  private static List<RunEntry> all(Source<RunEntry, NotUsed> entries) {
    return await(entries.runWith(Sink.seq(), KIT.system()));
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(12, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("nothing came", e);
    }
  }
}
