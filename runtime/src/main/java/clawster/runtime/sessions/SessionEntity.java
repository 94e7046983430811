package clawster.runtime.sessions;

import clawster.runtime.kernel.Decision;
import clawster.runtime.nodes.Activity;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionMessage.Done;
import clawster.runtime.sessions.SessionMessage.Refused;
import clawster.runtime.sessions.SessionMessage.Reply;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.tools.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The envelope around {@link SessionRules}: address, order and memory of one session. Whatever
 * leaves it (a reply, a word in the run log, a model call, a tool) leaves after the event behind it
 * is persisted.
 */
public final class SessionEntity
    extends EventSourcedBehavior<SessionMessage, SessionEvent, SessionState> {

  public static final EntityTypeKey<SessionMessage> TYPE =
      EntityTypeKey.create(SessionMessage.class, "session");

  private static final BackoffSupervisorStrategy RESTART =
      SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

  /** A journal that is away is nobody's bug, and one that cannot be read is the doorkeeper's. */
  private static final BackoffSupervisorStrategy REREAD =
      RESTART.withLogLevel(Level.DEBUG).withCriticalLogLevel(Level.WARN, 2);

  private static final int SNAPSHOT_EVERY = 100;

  /** Entries a listener may be sent before it says more. */
  private static final int CREDIT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(SessionEntity.class);

  /** What only this entity tells itself. */
  sealed interface Inside extends SessionMessage {}

  /** {@code by} tells an earlier incarnation's work from ours. */
  private record TurnEnded(SessionWork by, Owed.ModelCall call, ModelTurn.Outcome outcome)
      implements Inside {}

  private record ToolEnded(SessionWork by, Owed.ToolRun call, ToolResult result)
      implements Inside {}

  /** The journal has been read. */
  record Recovered() implements Inside {}

  /** The journal cannot be read, and will not be before somebody mends it. */
  record NotReadable(String reason) implements Inside {}

  /** The logs of all open runs are ours. */
  private record LogsClaimed(SessionWork by, SessionOutput.Claimed claimed) implements Inside {}

  private record ClaimFailed(SessionWork by, Throwable why) implements Inside {}

  private record Idle() implements Inside {}

  private record NotLoaded(ActorRef<Reply> replyTo) implements Inside {}

  private final ActorContext<SessionMessage> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final SessionId id;
  private final SessionParts parts;
  private final SessionRules rules = new SessionRules();
  private final Judgement judgement;
  private final Takeover takeover = new Takeover(rules);
  private final Halt halt = new Halt();
  private final SessionWork work;
  private final SessionOutput output;
  private final BigMessages bigMessages;
  private Activity.Presence presence;

  /** Who is told when what is on its way into the journal has arrived. */
  private ActorRef<Reply> persisting;

  /** Whether a write has failed that may have been done: then its run has ended, unheard. */
  private boolean hasFailed;

  /** Whatever goes wrong, the journal knows how to go on. */
  public static Behavior<SessionMessage> create(
      EntityContext<SessionMessage> entity, SessionParts parts) {
    var id = new SessionId(UUID.fromString(entity.getEntityId()));
    return Doorkeeper.before(
        id,
        parts,
        () ->
            Behaviors.supervise(
                    Behaviors.<SessionMessage>setup(
                        context -> new SessionEntity(context, entity.getShard(), id, parts)))
                .onFailure(RESTART));
  }

  private SessionEntity(
      ActorContext<SessionMessage> context,
      ActorRef<ClusterSharding.ShardCommand> shard,
      SessionId id,
      SessionParts parts) {
    super(PersistenceId.of("session", id.toString()), REREAD);
    this.context = context;
    this.shard = shard;
    this.id = id;
    this.parts = parts;
    this.persisting = context.getSystem().ignoreRef();
    this.judgement = new Judgement(id, rules);
    this.output = new SessionOutput(id, parts);
    this.bigMessages = new BigMessages(context.getSystem(), parts.payloads());
    this.work = work(context, parts);
    this.presence = enter();
    context.setReceiveTimeout(parts.idle(), new Idle());
  }

  private static SessionWork work(ActorContext<SessionMessage> context, SessionParts parts) {
    var self = context.getSelf();
    return new SessionWork(
        parts,
        Materializer.matFromSystem(context.getSystem()),
        new SessionWork.Reports() {
          @Override
          public void turn(SessionWork by, Owed.ModelCall call, ModelTurn.Outcome outcome) {
            self.tell(new TurnEnded(by, call, outcome));
          }

          @Override
          public void tool(SessionWork by, Owed.ToolRun call, ToolResult result) {
            self.tell(new ToolEnded(by, call, result));
          }
        });
  }

  @Override
  public SessionState emptyState() {
    return rules.initial();
  }

  @Override
  public EventHandler<SessionState, SessionEvent> eventHandler() {
    return this::evolve;
  }

  /** Says whose fault it is: a journal is read with this. */
  private SessionState evolve(SessionState state, SessionEvent event) {
    try {
      return rules.evolve(state, event);
    } catch (RuntimeException e) {
      throw new Unreadable.EventRefused(event, e);
    }
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(RecoveryFailed.class, (_, failed) -> notRecovered(failed.getFailure()))
        .onSignal(JournalPersistRejected.class, (_, _) -> rejected())
        .onSignal(PreRestart.instance(), _ -> failed())
        .onSignal(PostStop.instance(), _ -> leave())
        .build();
  }

  /**
   * Said even if nothing is to be claimed: what waits behind the remains of a failed write is
   * looked at when a message comes, and not before.
   */
  private void recovered(SessionState state) {
    takeover.begin(state);
    presence.leave();
    presence = enter();
    tellActivity(state);
    context.getSelf().tell(new Recovered());
    if (hasFailed && state instanceof Open open) {
      open.lastEnded()
          .ifPresent(run -> output.end(List.of(), state, lastSequenceNumber(context), run));
    }
    hasFailed = false;
  }

  private void failed() {
    hasFailed = true;
    leave();
  }

  private void notRecovered(Throwable failure) {
    Unreadable.reason(failure)
        .ifPresentOrElse(
            reason ->
                context
                    .getSelf()
                    .tell(
                        new NotReadable(
                            "after event %d: %s".formatted(lastSequenceNumber(context), reason))),
            () -> LOG.info("Session {} is not read yet: {}", id, failure.toString()));
  }

  private void leave() {
    work.stopAll();
    output.leave();
    presence.leave();
  }

  private Activity.Presence enter() {
    return parts.activity().enter(shard.path().name());
  }

  private void tellActivity(SessionState state) {
    presence.open(state instanceof Open open ? open.openRuns() : 0);
  }

  @Override
  public CommandHandler<SessionMessage, SessionEvent, SessionState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::handleOrSay);
  }

  /** Whoever asked hears of a bug at once; what it left undone the journal knows. */
  private Effect<SessionEvent, SessionState> handleOrSay(
      SessionState state, SessionMessage message) {
    try {
      return handle(state, message);
    } catch (RuntimeException bug) {
      SessionMessage.asker(message)
          .ifPresent(asker -> asker.tell(new Refused(Judgement.fault(id))));
      throw bug;
    }
  }

  private Effect<SessionEvent, SessionState> handle(SessionState state, SessionMessage message) {
    return switch (message) {
      case SessionMessage.Submit _, SessionMessage.Change _
          when halt.isAwaited() || !takeover.isDone() ->
          Effect().stash();
      case SessionMessage.Submit submit -> submit(state, submit);
      case SessionMessage.StoredSubmit stored -> load(stored);
      case NotLoaded missing -> notLoaded(missing);
      case SessionMessage.Change change -> change(state, change);
      case SessionMessage.Read read -> read(state, read);
      case SessionMessage.Listen listen -> listen(listen);
      case SessionMessage.Wake wake -> wake(state, wake);
      case SessionMessage.Passivate _ -> stop(state);
      case TurnEnded ended -> turnEnded(state, ended);
      case ToolEnded ended -> toolEnded(state, ended);
      case NotReadable _ -> Effect().none();
      case Recovered _ -> takeover.isDone() ? Effect().none() : claim(state);
      case LogsClaimed claimed -> goOn(state, claimed);
      case ClaimFailed failed -> claimFailed(failed);
      case Idle _ -> idle(state);
    };
  }

  private Effect<SessionEvent, SessionState> submit(
      SessionState state, SessionMessage.Submit message) {
    var command = message.command();
    var decision = judgement.decide(state, command.stopped(halt.shown(state)));
    if (decision instanceof Decision.Happens) {
      if (work.isCallingModel() && Halt.isNeededFor(state, command)) {
        return halt();
      }
      if (!(state instanceof Open open && open.knows(command.run()))) {
        output.open(command.run(), state.epoch(), lastSequenceNumber(context) + 1);
      }
      message
          .listener()
          .ifPresent(to -> parts.feed().tell(new RunFeed.Listen(command.run(), to, CREDIT)));
    }
    return apply(state, decision, message.replyTo(), _ -> new Done(List.of(command.run())));
  }

  private Effect<SessionEvent, SessionState> load(SessionMessage.StoredSubmit stored) {
    context.pipeToSelf(
        bigMessages.load(stored.command(), SessionCommand.Submit.class),
        (command, failure) ->
            failure == null
                ? new SessionMessage.Submit(command, stored.listener(), stored.replyTo())
                : new NotLoaded(stored.replyTo()));
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> notLoaded(NotLoaded missing) {
    missing.replyTo().tell(new Refused(SessionProblems.UNAVAILABLE));
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> change(
      SessionState state, SessionMessage.Change message) {
    if (work.isCallingModel() && Halt.isNeededFor(state, message.command())) {
      return halt();
    }
    var command =
        message.command() instanceof SessionCommand.Abort abort
            ? abort.shown(halt.shown(state))
            : message.command();
    return apply(
        state,
        judgement.decide(state, command),
        message.replyTo(),
        events -> new Done(SessionLog.aborted(events)));
  }

  /** Stops the model call first: only then is known what had been shown. */
  private Effect<SessionEvent, SessionState> halt() {
    halt.begin();
    work.halt();
    return Effect().stash();
  }

  private Effect<SessionEvent, SessionState> read(SessionState state, SessionMessage.Read read) {
    output.list(state, lastSequenceNumber(context));
    switch (state) {
      case Open open -> bigMessages.show(open, read.replyTo());
      case SessionState.Absent _ -> read.replyTo().tell(new Refused(SessionProblems.NOT_FOUND));
    }
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> listen(SessionMessage.Listen listen) {
    parts.feed().tell(new RunFeed.Listen(listen.run(), listen.listener(), CREDIT));
    return Effect().none();
  }

  /** Being awake is most of what was wanted. */
  private Effect<SessionEvent, SessionState> wake(SessionState state, SessionMessage.Wake wake) {
    if (wake.old()) {
      var listed = output.list(state, lastSequenceNumber(context));
      if (!(state instanceof Open open && open.isOpen(wake.run()))) {
        long revision = lastSequenceNumber(context);
        listed.thenRun(() -> output.end(List.of(), state, revision, wake.run()));
      }
    }
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> turnEnded(SessionState state, TurnEnded ended) {
    if (ended.by() != work) {
      return Effect().none();
    }
    work.ended(ended.call());
    halt.end();
    return settle(state, ended.call(), ended.outcome()).thenUnstashAll();
  }

  private EffectBuilder<SessionEvent, SessionState> settle(
      SessionState state, Owed.ModelCall call, ModelTurn.Outcome outcome) {
    return switch (outcome) {
      case ModelTurn.Outcome.Answered(var message, var calls, var reason, var usage) ->
          decide(
              state,
              new SessionCommand.SettleModel(
                  call.run(), call.step(), message, calls, reason, usage, now()),
              new SessionCommand.FailModel(
                  call.run(),
                  call.step(),
                  "run.fault",
                  "the answer cannot be taken in",
                  Optional.empty(),
                  now()));
      case ModelTurn.Outcome.Failed(var code, var reason, var shown) ->
          decide(
              state,
              new SessionCommand.FailModel(call.run(), call.step(), code, reason, shown, now()),
              aborted(call.run()));
      case ModelTurn.Outcome.Halted(var partial) -> {
        halt.stopped(call, partial);
        yield Effect().none();
      }
      case ModelTurn.Outcome.Lost _ ->
          throw new IllegalStateException("run " + call.run() + " has another owner");
    };
  }

  private Effect<SessionEvent, SessionState> toolEnded(SessionState state, ToolEnded ended) {
    if (ended.by() != work) {
      return Effect().none();
    }
    work.ended(ended.call());
    var outcome = ended.result().ok() ? ToolOutcome.OK : ToolOutcome.ERROR;
    return decide(
        state,
        new SessionCommand.SettleTool(
            ended.call().run(), ended.call().call().id(), outcome, ended.result().content(), now()),
        aborted(ended.call().run()));
  }

  private SessionCommand aborted(RunId run) {
    return new SessionCommand.Abort(Optional.of(run), Optional.empty(), now());
  }

  private Effect<SessionEvent, SessionState> claim(SessionState state) {
    if (!(takeover.claim(state, now()) instanceof Decision.Happens<SessionEvent>(var events))) {
      return Effect().none();
    }
    return Effect().persist(events).thenRun(after -> claimLogs(events, after));
  }

  private void claimLogs(List<SessionEvent> events, SessionState after) {
    events.stream()
        .flatMap(event -> SessionLog.ended(event).stream())
        .forEach(run -> output.end(events, after, lastSequenceNumber(context), run));
    if (after instanceof Open open) {
      context.pipeToSelf(
          output.claim(events, open, lastSequenceNumber(context)),
          (claimed, failure) ->
              failure == null ? new LogsClaimed(work, claimed) : new ClaimFailed(work, failure));
    }
  }

  private Effect<SessionEvent, SessionState> goOn(SessionState state, LogsClaimed logs) {
    if (logs.by() != work) {
      return Effect().none();
    }
    var gone = logs.claimed().gone();
    var decision = Decision.happens(takeover.end(state, logs.claimed(), now()));
    return apply(state, decision, context.getSystem().ignoreRef(), _ -> new Done(gone))
        .thenRun(_ -> output.forget(gone))
        .thenUnstashAll();
  }

  private Effect<SessionEvent, SessionState> claimFailed(ClaimFailed failed) {
    if (failed.by() != work) {
      return Effect().none();
    }
    throw new IllegalStateException("could not claim run logs", failed.why());
  }

  private Effect<SessionEvent, SessionState> idle(SessionState state) {
    if (!(state instanceof Open open) || open.idle()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Effect().none();
  }

  /** A run that came in while the shard was told wakes us again. */
  private Effect<SessionEvent, SessionState> stop(SessionState state) {
    if (state instanceof Open open && !open.idle()) {
      ClusterSharding.get(context.getSystem())
          .entityRefFor(TYPE, id.toString())
          .tell(new SessionMessage.Wake(open.oldestRun().orElseThrow(), false));
    }
    return Effect().stop();
  }

  /**
   * What came of work ends it, one way or the other: asked for again, it would come to the same.
   *
   * @param otherwise if a bug keeps the command from being taken
   */
  private EffectBuilder<SessionEvent, SessionState> decide(
      SessionState state, SessionCommand command, SessionCommand otherwise) {
    var decision = judgement.decide(state, command);
    if (Judgement.isFault(decision)) {
      decision = judgement.decide(state, otherwise);
    }
    if (Judgement.isFault(decision)) {
      throw new IllegalStateException("neither " + command.getClass() + " nor its alternative");
    }
    return apply(state, decision, context.getSystem().ignoreRef(), _ -> new Done(List.of()));
  }

  private EffectBuilder<SessionEvent, SessionState> apply(
      SessionState state,
      Decision<SessionEvent> decision,
      ActorRef<Reply> replyTo,
      Function<List<SessionEvent>, Reply> reply) {
    return switch (decision) {
      case Decision.Refused<SessionEvent>(var problem) ->
          Effect().none().thenRun(_ -> replyTo.tell(new Refused(problem)));
      case Decision.Happens<SessionEvent>(var events) ->
          persist(events, replyTo)
              .thenRun(
                  (SessionState after) -> {
                    output
                        .follow(events, state, after, lastSequenceNumber(context))
                        .whenComplete((_, _) -> replyTo.tell(reply.apply(events)));
                    reconcile(after);
                  });
    };
  }

  private EffectBuilder<SessionEvent, SessionState> persist(
      List<SessionEvent> events, ActorRef<Reply> replyTo) {
    persisting = replyTo;
    return Effect().persist(events);
  }

  /** The journal does not take such an event, today or tomorrow, and is none the worse for it. */
  private void rejected() {
    persisting.tell(new Refused(Judgement.fault(id)));
  }

  private void reconcile(SessionState state) {
    tellActivity(state);
    if (state instanceof Open open && takeover.isDone()) {
      work.reconcile(
          rules.owed(state).stream().filter(owed -> !halt.covers(owed)).toList(),
          open,
          takeover.said());
    } else {
      work.stopAll();
    }
    if (isStateless(state)) {
      idle(state);
    }
  }

  private static boolean isStateless(SessionState state) {
    return state instanceof Open open && open.idle() && !open.profile().kept();
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
