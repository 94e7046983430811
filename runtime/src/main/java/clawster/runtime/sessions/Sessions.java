package clawster.runtime.sessions;

import clawster.runtime.kernel.Failures;
import clawster.runtime.kernel.Problem;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunSource;
import clawster.runtime.sessions.SessionMessage.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sessions of the cluster, as every edge sees them. Any node serves any session. */
public final class Sessions {

  /** An answer is expected within this time, or the session counts as unavailable. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * How long an answer is waited for before what may be said twice is said again: a question goes
   * with the node it was on its way to. The sum is what a take-over may last.
   */
  private static final List<Duration> INSISTENCE =
      List.of(
          Duration.ofMillis(800),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofMillis(8_200));

  private static final Duration STATS = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final ActorRef<ClusterShardingQuery> shardState;
  private final SessionParts parts;
  private final BigMessages bigMessages;

  /**
   * @param places decides which node a session lives on
   */
  public Sessions(ActorSystem<?> system, SessionParts parts, ShardAllocationStrategy places) {
    this.system = system;
    this.parts = parts;
    this.bigMessages = new BigMessages(system, parts.payloads());
    this.sharding = ClusterSharding.get(system);
    this.shardState = sharding.shardState();
    sharding.init(
        Entity.of(SessionEntity.TYPE, entity -> SessionEntity.create(entity, parts))
            .withAllocationStrategy(places)
            .withStopMessage(SessionMessage.Passivate.NOW));
  }

  /** Accepted input and what comes of it. */
  public sealed interface Submitted {

    /** In the journal; {@code entries} is its {@link #answer}, to be run or cancelled. */
    record Accepted(RunId run, Source<RunEntry, NotUsed> entries) implements Submitted {}

    record Refused(Problem problem) implements Submitted {}

    /**
     * False only where a session, or this node before it, has said no: else it was perhaps lost.
     */
    default boolean mayHaveBegun() {
      return switch (this) {
        case Accepted _ -> true;
        case Refused(var problem) ->
            problem.kind() == Problem.Kind.UNAVAILABLE || problem.kind() == Problem.Kind.INTERNAL;
      };
    }
  }

  /** Who has a say before a run begins. */
  public interface Gate {
    CompletionStage<Submitted> through(Supplier<CompletionStage<Submitted>> begin);
  }

  /** Gives a session new input. Durable when this says accepted. */
  public CompletionStage<Submitted> submit(SessionCommand.Submit command) {
    return submit(command, Optional.empty());
  }

  /**
   * For a run that may have been submitted before, by whomever: is told of it from its log, or
   * submits it.
   *
   * @param gate what has to be passed where it is not there yet
   */
  public CompletionStage<Submitted> submitAgain(
      SessionCommand.Submit command, Callers.Asking asking, Gate gate) {
    var run = command.run();
    return hasEntry(run, 1)
        .thenCompose(
            there ->
                there
                    ? CompletableFuture.completedStage(
                        new Submitted.Accepted(run, answer(command.opening().key(), run)))
                    : gate.through(
                        () ->
                            parts
                                .directory()
                                .oweAgain(run)
                                .thenCompose(_ -> submit(command, Optional.of(asking)))));
  }

  /**
   * @param asking for a request that may come again. If its run is refused, the note stays: it may
   *     be asked for again at once and elsewhere, and must not be struck then. {@link OwedWork}
   *     strikes it when it is old.
   */
  public CompletionStage<Submitted> submit(
      SessionCommand.Submit command, Optional<Callers.Asking> asking) {
    var session = SessionId.of(command.opening().key());
    var fresh = RunSource.fresh(system, parts.log(), command.run(), seek(session, command.run()));
    return parts
        .directory()
        .owe(session, command.run(), asking)
        .thenComposeAsync(
            _ -> insist(session, command, Optional.of(fresh.listener())), system.executionContext())
        .thenApply(
            reply ->
                switch (reply) {
                  case SessionMessage.Refused(var problem) -> {
                    if (asking.isEmpty()) {
                      parts.directory().settle(command.run());
                    }
                    fresh.forget();
                    yield (Submitted) new Submitted.Refused(problem);
                  }
                  case SessionMessage.Done _, SessionMessage.View _ ->
                      new Submitted.Accepted(
                          command.run(), redirected(session, command.run(), fresh.entries()));
                })
        .exceptionally(
            failure -> {
              fresh.forget();
              return new Submitted.Refused(unavailable(session, failure));
            });
  }

  /** Patch, reset, delete or abort. */
  public CompletionStage<Reply> change(SessionKey key, SessionCommand command) {
    var session = SessionId.of(key);
    Function<ActorRef<Reply>, SessionMessage> message =
        replyTo -> new SessionMessage.Change(command, replyTo);
    return forgetClaims(key, command)
        .thenCompose(
            _ ->
                mayBeSaidTwice(command)
                    ? insist(session, message)
                    : ask(session, message, PATIENCE))
        .exceptionally(failure -> new SessionMessage.Refused(unavailable(session, failure)));
  }

  /**
   * The second time it must not undo what others did after the first, should only the answer have
   * been lost.
   */
  private static boolean mayBeSaidTwice(SessionCommand command) {
    return switch (command) {
      case SessionCommand.Abort _, SessionCommand.Patch _ -> true;
      case SessionCommand.Reset _,
          SessionCommand.Delete _,
          SessionCommand.Submit _,
          SessionCommand.Claim _,
          SessionCommand.SettleModel _,
          SessionCommand.FailModel _,
          SessionCommand.SettleTool _,
          SessionCommand.DropAwaited _ ->
          false;
    };
  }

  /** Before the change: once it is acknowledged nobody is told again what was said before. */
  private CompletionStage<Void> forgetClaims(SessionKey key, SessionCommand command) {
    return command instanceof SessionCommand.Reset || command instanceof SessionCommand.Delete
        ? parts.claims().forget(key)
        : CompletableFuture.completedStage(null);
  }

  /** {@link SessionMessage.View} or a refusal. */
  public CompletionStage<Reply> read(SessionKey key) {
    var session = SessionId.of(key);
    return insist(session, SessionMessage.Read::new)
        .thenCompose(bigMessages::unpack)
        .exceptionally(failure -> new SessionMessage.Refused(unavailable(session, failure)));
  }

  /** The session's open runs, oldest first, as {@link SessionMessage.Done}, or a refusal. */
  public CompletionStage<Reply> openRuns(SessionKey key) {
    var session = SessionId.of(key);
    return this.<Reply>insist(session, SessionMessage.ListRuns::new)
        .exceptionally(failure -> new SessionMessage.Refused(unavailable(session, failure)));
  }

  private static Problem unavailable(SessionId session, Throwable failure) {
    var cause = Failures.cause(failure);
    LOG.info("Session {} cannot be reached: {}", session, cause.toString());
    return cause instanceof RejectedExecutionException
        ? SessionProblems.NODE_BUSY
        : SessionProblems.UNAVAILABLE;
  }

  /** A run's entries after {@code after}, from wherever it runs or ran, to its end. */
  public Source<RunEntry, NotUsed> follow(SessionKey key, RunId run, long after) {
    return follow(SessionId.of(key), run, after);
  }

  /**
   * What whoever asked for a run is told: its entries, and if it became part of another, that one's
   * from there on. To be run once.
   */
  public Source<RunEntry, NotUsed> answer(SessionKey key, RunId run) {
    return redirected(SessionId.of(key), run, follow(key, run, 0));
  }

  /** Completes when the {@link #answer} has ended, or cannot be heard to its end. */
  public CompletionStage<Done> ended(SessionKey key, RunId run) {
    return answer(key, run).runWith(Sink.ignore(), system);
  }

  private Source<RunEntry, NotUsed> redirected(
      SessionId session, RunId run, Source<RunEntry, NotUsed> entries) {
    return Redirect.of(run, entries, other -> follow(session, other, 0));
  }

  private Source<RunEntry, NotUsed> follow(SessionId session, RunId run, long after) {
    var seek = seek(session, run);
    return RunSource.resumed(system, parts.log(), run, after, seek)
        .mapMaterializedValue(
            listener -> {
              seek.accept(listener);
              return NotUsed.getInstance();
            });
  }

  /** The session's runs whose logs have begun after that of {@code after}, oldest first. */
  public CompletionStage<List<RunId>> runs(SessionKey key, Optional<RunId> after) {
    return parts.log().runs(SessionId.of(key).value(), after);
  }

  /** The last run of the session whose log has begun. */
  public CompletionStage<Optional<RunId>> newestRun(SessionKey key) {
    return parts.log().newest(SessionId.of(key).value());
  }

  /** Whether the session has this run, and its log has begun. */
  public CompletionStage<Boolean> hasBegun(SessionKey key, RunId run) {
    return parts.log().hasBegun(SessionId.of(key).value(), run);
  }

  /** Whether a run's log has this entry. */
  public CompletionStage<Boolean> hasEntry(RunId run, long seq) {
    return parts.log().read(run, seq - 1, 1).thenApply(entries -> !entries.isEmpty());
  }

  private Consumer<ActorRef<RunFeed.Heard>> seek(SessionId session, RunId run) {
    return listener -> entity(session).tell(new SessionMessage.Listen(run, listener));
  }

  /**
   * How many shards of sessions each node has, by what the cluster calls the node; nodes that do
   * not answer are left out.
   */
  public CompletionStage<Map<String, Integer>> shards() {
    return AskPattern.<ClusterShardingQuery, ClusterShardingStats>ask(
            shardState,
            replyTo -> new GetClusterShardingStats(SessionEntity.TYPE, STATS, replyTo),
            STATS.plusSeconds(1),
            system.scheduler())
        .thenApply(
            stats ->
                stats.getRegions().entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            region -> region.getKey().toString(),
                            region -> region.getValue().getStats().size())))
        .exceptionally(_ -> Map.of());
  }

  /** How many shards of sessions this node has. */
  public CompletionStage<Integer> shardsHere() {
    return AskPattern.<ClusterShardingQuery, CurrentShardRegionState>ask(
            shardState,
            replyTo -> new GetShardRegionState(SessionEntity.TYPE, replyTo),
            STATS,
            system.scheduler())
        .thenApply(state -> state.getShards().size())
        .exceptionally(_ -> Integer.MAX_VALUE);
  }

  public SessionDirectory directory() {
    return parts.directory();
  }

  public RequestClaims claims() {
    return parts.claims();
  }

  public Callers callers() {
    return parts.callers();
  }

  public ModelCatalogue models() {
    return parts.models();
  }

  /** {@code watcher} hears of every run the session begins from now on, on whichever node. */
  public void watch(SessionKey key, ActorRef<RunId> watcher) {
    parts.bell().tell(new SessionBell.Watch(SessionId.of(key), watcher));
  }

  /** Makes sure whoever owns a noted run is awake. */
  void wake(SessionDirectory.OwedRun owed, boolean old) {
    entity(owed.session()).tell(new SessionMessage.Wake(owed.run(), old));
  }

  /** Says it as often as {@link #INSISTENCE} has it; a run is known by its id. */
  private CompletionStage<Reply> insist(
      SessionId session,
      SessionCommand.Submit command,
      Optional<ActorRef<RunFeed.Heard>> listener) {
    return BigMessages.isBig(command)
        ? bigMessages
            .store(command)
            .thenCompose(
                stored ->
                    insist(
                        session,
                        replyTo -> new SessionMessage.StoredSubmit(stored, listener, replyTo)))
        : insist(session, replyTo -> new SessionMessage.Submit(command, listener, replyTo));
  }

  private <R> CompletionStage<R> insist(
      SessionId session, Function<ActorRef<R>, SessionMessage> message) {
    return insist(session, message, INSISTENCE);
  }

  private <R> CompletionStage<R> insist(
      SessionId session, Function<ActorRef<R>, SessionMessage> message, List<Duration> waits) {
    var answer = ask(session, message, waits.getFirst());
    return waits.size() == 1
        ? answer
        : answer.exceptionallyCompose(
            failure ->
                Failures.cause(failure) instanceof TimeoutException
                    ? insist(session, message, waits.subList(1, waits.size()))
                    : CompletableFuture.failedStage(failure));
  }

  private <R> CompletionStage<R> ask(
      SessionId session, Function<ActorRef<R>, SessionMessage> message, Duration patience) {
    try {
      return AskPattern.ask(entity(session), message::apply, patience, system.scheduler());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private EntityRef<SessionMessage> entity(SessionId session) {
    return sharding.entityRefFor(SessionEntity.TYPE, session.toString());
  }
}
