package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.nodes.Activity;
import clawster.runtime.runs.InMemoryRunLog;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunWord;
import clawster.runtime.tools.Tool;
import clawster.runtime.tools.Toolbox;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;

/**
 * A session, and of the node it lives on what it can see. Journal, logs and list survive a node.
 */
final class SessionNode {

  /** The first session of a process takes its time, as does any on a busy machine. */
  static final Config CONFIG =
      ConfigFactory.parseString("pekko.actor.testkit.typed.single-expect-default = 20s")
          .withFallback(PersistenceTestKitPlugin.config())
          .withFallback(PersistenceTestKitSnapshotPlugin.config());

  /** How long input waits for a client's results. */
  static final Duration RESULTS = Duration.ofMillis(500);

  private static final Agents AGENTS =
      Agents.of(List.of(new Agent("writer", "Writer", "scripted/words", "Be brief.")));

  final SessionId id;
  final InMemoryRunLog log;
  final InMemoryDirectory directory;
  final TestProbe<SessionBell.Command> bell;
  final TestProbe<ClusterSharding.ShardCommand> shard;
  final Activity activity = new Activity();
  final HandClock clock = new HandClock(Some.NOON);
  final TestProbe<SessionMessage.Reply> replies;
  final TestProbe<SessionMessage.Delivery> views;
  final InMemoryPayloads payloads = new InMemoryPayloads();
  final ActorRef<SessionMessage> session;
  private final ActorTestKit kit;

  private SessionNode(
      ActorTestKit kit,
      SessionId id,
      Function<ActorRef<RunFeed.Command>, InMemoryRunLog> log,
      InMemoryDirectory directory,
      Duration idle,
      Agents agents,
      ScriptedModel model,
      List<Tool> tools) {
    ActorRef<RunFeed.Command> feed = kit.spawn(RunFeed.create());
    this.kit = kit;
    this.id = id;
    this.log = log.apply(feed);
    this.directory = directory;
    this.bell = kit.createTestProbe();
    this.shard = kit.createTestProbe();
    this.replies = kit.createTestProbe();
    this.views = kit.createTestProbe();
    var parts =
        new SessionParts(
            this.log,
            feed,
            bell.ref(),
            directory,
            new InMemoryRequestClaims(),
            new InMemoryCallers(new OneNode("here")),
            payloads,
            agents,
            model.catalogue(),
            new Toolbox(tools),
            Path.of("workspaces"),
            Executors.newVirtualThreadPerTaskExecutor(),
            activity,
            clock,
            () -> idle,
            RESULTS);
    this.session =
        kit.spawn(
            SessionEntity.create(
                new EntityContext<>(SessionEntity.TYPE, id.toString(), shard.ref()), parts));
  }

  static SessionNode with(ActorTestKit kit, ScriptedModel model, Tool... tools) {
    return with(kit, Duration.ofMinutes(1), model, tools);
  }

  static SessionNode with(ActorTestKit kit, Duration idle, ScriptedModel model, Tool... tools) {
    return new SessionNode(
        kit,
        new SessionId(UUID.randomUUID()),
        feed -> new InMemoryRunLog(feed::tell),
        new InMemoryDirectory(session -> keepLastEvent(kit, session)),
        idle,
        AGENTS,
        model,
        List.of(tools));
  }

  /** The session on another node, once this one is dead. */
  SessionNode diesFor(ScriptedModel model, Tool... tools) {
    return diesFor(AGENTS, false, model, tools);
  }

  /** The other node's log is held. */
  SessionNode diesHolding(ScriptedModel model) {
    return diesFor(AGENTS, true, model);
  }

  SessionNode diesForOneWithoutAgents(ScriptedModel model) {
    return diesFor(Agents.of(List.of()), false, model);
  }

  private SessionNode diesFor(Agents agents, boolean holding, ScriptedModel model, Tool... tools) {
    kit.stop(session);
    return new SessionNode(
        kit,
        id,
        feed -> {
          var next = log.ofAnotherNode(feed::tell);
          if (holding) {
            next.hold();
          }
          return next;
        },
        directory,
        Duration.ofMinutes(1),
        agents,
        model,
        List.of(tools));
  }

  /** Is told, and says that it is in the journal. */
  SessionNode accepts(SessionCommand command) {
    tell(command);
    replies.expectMessageClass(SessionMessage.Done.class);
    return this;
  }

  void tell(SessionCommand command) {
    session.tell(
        command instanceof SessionCommand.Submit submit
            ? new SessionMessage.Submit(submit, Optional.empty(), replies.ref())
            : new SessionMessage.Change(command, replies.ref()));
  }

  SessionState.Open view() {
    session.tell(new SessionMessage.Read(views.ref()));
    return views.expectMessageClass(SessionMessage.View.class).state();
  }

  /** The history as text, message by message. */
  List<String> history() {
    return view().history().stream()
        .map(m -> m.role().name().toLowerCase() + ": " + m.text())
        .toList();
  }

  String journal() {
    return PersistenceTestKit.create(kit.system()).persistedInStorage(persistenceId()).stream()
        .map(event -> event.getClass().getSimpleName())
        .collect(Collectors.joining(" "));
  }

  private static void keepLastEvent(ActorTestKit kit, SessionId session) {
    var journal = PersistenceTestKit.create(kit.system());
    var name = SessionEntity.persistenceId(session).id();
    var last = journal.persistedInStorage(name).getLast();
    journal.clearByIdPreservingSeqNumbers(name);
    journal.persistForRecovery(name, List.of(last));
  }

  String persistenceId() {
    return SessionEntity.persistenceId(id).id();
  }

  /** A run's log: what was said, and between bars what happened. */
  String log(int run) {
    return log.words(Some.run(run)).stream()
        .map(
            word ->
                switch (word) {
                  case RunWord.Text(var text) -> text;
                  case RunWord.ToolCalled(var call, var name, _, var client) ->
                      "|" + call + "=" + name + (client ? " of client" : "") + "|";
                  case RunWord.ToolSettled(var call, _, var outcome) ->
                      "|" + call + " " + outcome + "|";
                  case RunWord.Failed(var code, _) -> "|failed " + code + "|";
                  case RunWord.Recovered(var reason) -> "|recovered " + reason + "|";
                  default -> "|" + word.getClass().getSimpleName().toLowerCase() + "|";
                })
        .collect(Collectors.joining())
        .replace("||", "|");
  }

  void awaitLog(int run, String log) {
    await(() -> assertEquals(log, log(run)));
  }

  /** Waits until a run's log has its last entry. */
  void awaitEnd(int run) {
    await(
        () -> {
          var entries = log.entries(Some.run(run));
          assertFalse(entries.isEmpty());
          assertTrue(entries.getLast().ends(), () -> log(run));
        });
  }

  /** Its note is struck: by the session, or with its log's ending. */
  boolean isSettled(int run) {
    var entries = log.entries(Some.run(run));
    return directory.settled.contains(Some.run(run))
        || !entries.isEmpty() && entries.getLast().ends();
  }

  void await(Runnable assertion) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            Duration.ofMillis(10),
            () -> {
              assertion.run();
              return null;
            });
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("nothing came", e);
    }
  }
}
