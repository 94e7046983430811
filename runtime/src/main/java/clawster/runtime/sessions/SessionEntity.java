package clawster.runtime.sessions;

import clawster.runtime.kernel.Decision;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionMessage.Done;
import clawster.runtime.sessions.SessionMessage.Refused;
import clawster.runtime.sessions.SessionMessage.Reply;
import clawster.runtime.sessions.SessionState.Open;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  static final BackoffSupervisorStrategy REREAD =
      RESTART.withLogLevel(Level.DEBUG).withCriticalLogLevel(Level.WARN, 2);

  private static final int SNAPSHOT_EVERY = 100;

  /** Entries a listener may be sent before it says more. */
  private static final int CREDIT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(SessionEntity.class);

  private final ActorContext<SessionMessage> context;
  private final ActorRef<SessionMessage> door;
  private final SessionId id;
  private final SessionParts parts;
  private final SessionRules rules = new SessionRules();
  private final Judgement judgement;
  private final Takeover takeover = new Takeover(rules);
  private final Stay stay;
  private final Recall recall;
  private final Patience patience;
  private final SessionOutput output;
  private final BigMessages bigMessages;

  /**
   * Of one incarnation. After a failed write the same entity reads its journal again; how work ends
   * that was stopped then does not concern it any more.
   */
  private SessionWork work;

  /** Likewise. */
  private Halt halt;

  /** Who is told when what is on its way into the journal has arrived. */
  private ActorRef<Reply> persisting;

  /** Whether a write has failed that may have been done: then what it changed is not shown. */
  private boolean hasFailed;

  static PersistenceId persistenceId(SessionId id) {
    return PersistenceId.of("session", id.toString());
  }

  /** Whatever goes wrong, the journal knows how to go on. */
  public static Behavior<SessionMessage> create(
      EntityContext<SessionMessage> entity, SessionParts parts) {
    var id = new SessionId(UUID.fromString(entity.getEntityId()));
    return Doorkeeper.before(
        id,
        parts,
        door ->
            Behaviors.supervise(
                    Behaviors.<SessionMessage>setup(
                        context -> new SessionEntity(context, door, entity.getShard(), id, parts)))
                .onFailure(RESTART));
  }

  private SessionEntity(
      ActorContext<SessionMessage> context,
      ActorRef<SessionMessage> door,
      ActorRef<ClusterSharding.ShardCommand> shard,
      SessionId id,
      SessionParts parts) {
    super(persistenceId(id), REREAD);
    this.context = context;
    this.door = door;
    this.id = id;
    this.parts = parts;
    this.persisting = context.getSystem().ignoreRef();
    this.judgement = new Judgement(id, rules);
    this.stay = new Stay(context, door, shard, parts);
    this.recall = new Recall(parts.log());
    this.patience = new Patience(context, parts.results());
    this.output = new SessionOutput(id, parts);
    this.bigMessages = new BigMessages(context.getSystem(), parts.payloads());
    begin();
  }

  private void begin() {
    work =
        new SessionWork(parts, Materializer.matFromSystem(context.getSystem()), context.getSelf());
    halt = new Halt();
  }

  @Override
  public SessionState emptyState() {
    return rules.initial();
  }

  @Override
  public EventHandler<SessionState, SessionEvent> eventHandler() {
    return judgement::evolve;
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
    stay.begin(state);
    door.tell(new Inside.Readable(context.getSelf()));
    context.getSelf().tell(new Inside.Recovered(work));
    if (hasFailed) {
      repair(state, lastSequenceNumber(context));
    }
    hasFailed = false;
  }

  private void repair(SessionState state, long revision) {
    output.list(state, revision);
    if (state instanceof Open open) {
      open.lastEnded().ifPresent(run -> output.end(List.of(), state, revision, run));
    }
  }

  private void failed() {
    hasFailed = true;
    leave();
    begin();
  }

  private void notRecovered(Throwable failure) {
    Unreadable.reason(failure)
        .ifPresentOrElse(
            reason ->
                door.tell(
                    new Inside.NotReadable(
                        context.getSelf(),
                        "after event %d: %s".formatted(lastSequenceNumber(context), reason))),
            () -> LOG.info("Session {} is not read yet: {}", id, failure.toString()));
  }

  private void leave() {
    work.stopAll();
    output.leave();
    stay.end();
    patience.end();
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
      case SessionMessage.Submit _, SessionMessage.Change _, Inside.Recalled _
          when halt.isAwaited() || !takeover.isDone() ->
          Effect().stash();
      case Inside.Report late when late.by() != work -> Effect().none();
      case SessionMessage.Submit submit
          when Recall.isNeededFor(state, lastSequenceNumber(context), submit.command()) ->
          recall(submit);
      case SessionMessage.Submit submit -> submit(state, submit);
      case Inside.Recalled recalled -> recalled(state, recalled);
      case SessionMessage.StoredSubmit stored -> load(stored);
      case SessionMessage.Change change -> change(state, change);
      case SessionMessage.Read read -> read(state, read);
      case SessionMessage.ListRuns(var replyTo) -> listRuns(state, replyTo);
      case SessionMessage.Listen(var run, var listener) -> listen(run, listener);
      case SessionMessage.Wake wake -> wake(state, wake);
      case SessionMessage.Passivate _ -> stop(state);
      case Inside.TurnEnded ended -> turnEnded(state, ended);
      case Inside.ToolEnded ended -> toolEnded(state, ended);
      case Inside.Word _, Inside.Bury _ -> Effect().none();
      case Inside.Recovered _ ->
          takeover.isDone() ? Effect().none().thenUnstashAll() : claim(state);
      case Inside.LogsClaimed claimed -> goOn(state, claimed);
      case Inside.ClaimFailed failed -> claimFailed(failed);
      case Inside.Idle _ -> idle(state);
      case Inside.HeldUp _ ->
          carryOut(state, judgement.decide(state, new SessionCommand.DropAwaited(now())));
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
      message.listener().ifPresent(to -> listen(command.run(), to));
    }
    return apply(state, decision, message.replyTo(), _ -> new Done(List.of(command.run())));
  }

  private Effect<SessionEvent, SessionState> recall(SessionMessage.Submit message) {
    recall.look(message, context.getSelf());
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> recalled(
      SessionState state, Inside.Recalled recalled) {
    var message = recalled.submit();
    if (!recalled.accepted()) {
      return submit(state, message);
    }
    var run = message.command().run();
    message.listener().ifPresent(to -> listen(run, to));
    message.replyTo().tell(new Done(List.of(run)));
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> load(SessionMessage.StoredSubmit stored) {
    bigMessages.deliver(stored, context.getSelf());
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

  private Effect<SessionEvent, SessionState> listRuns(SessionState state, ActorRef<Reply> replyTo) {
    replyTo.tell(
        switch (state) {
          case Open open -> new Done(open.runs());
          case SessionState.Absent _ -> new Refused(SessionProblems.NOT_FOUND);
        });
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> listen(RunId run, ActorRef<RunFeed.Heard> listener) {
    parts.feed().tell(new RunFeed.Listen(run, listener, CREDIT));
    return Effect().none();
  }

  /**
   * Being awake is most of what was wanted. A run that is over and owed all the same may lack its
   * ending, should its node have died; of one that is not known only an old note says as much.
   */
  private Effect<SessionEvent, SessionState> wake(SessionState state, SessionMessage.Wake wake) {
    if (wake.old() || state instanceof Open open && open.ended(wake.run()).isPresent()) {
      long revision = lastSequenceNumber(context);
      var listed = output.list(state, revision);
      if (!(state instanceof Open open && open.isOpen(wake.run()))) {
        listed.thenRun(() -> output.end(List.of(), state, revision, wake.run()));
      }
    }
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> turnEnded(SessionState state, Inside.TurnEnded ended) {
    work.ended(ended.call());
    halt.end();
    return settle(state, ended.call(), ended.outcome()).thenUnstashAll();
  }

  private EffectBuilder<SessionEvent, SessionState> settle(
      SessionState state, Owed.ModelCall call, ModelTurn.Outcome outcome) {
    return switch (outcome) {
      case ModelTurn.Outcome.Answered answer -> settled(state, Settlement.of(call, answer, now()));
      case ModelTurn.Outcome.Failed failure -> settled(state, Settlement.of(call, failure, now()));
      case ModelTurn.Outcome.Halted(var partial) -> {
        halt.stopped(call, partial);
        yield Effect().none();
      }
      case ModelTurn.Outcome.Lost _ ->
          throw new IllegalStateException("run " + call.run() + " has another owner");
    };
  }

  private Effect<SessionEvent, SessionState> toolEnded(SessionState state, Inside.ToolEnded ended) {
    work.ended(ended.call());
    return settled(state, Settlement.of(ended.call(), ended.result(), now()));
  }

  private EffectBuilder<SessionEvent, SessionState> settled(
      SessionState state, Settlement settlement) {
    return carryOut(state, judgement.decide(state, settlement));
  }

  private Effect<SessionEvent, SessionState> claim(SessionState state) {
    if (!(takeover.claim(state, now()) instanceof Decision.Happens<SessionEvent>(var events))) {
      return Effect().none();
    }
    return Effect().persist(events).thenRun(after -> claimLogs(events, after));
  }

  private void claimLogs(List<SessionEvent> events, SessionState after) {
    if (after instanceof Open open) {
      var by = work;
      context.pipeToSelf(
          output.claim(events, open, lastSequenceNumber(context)),
          (claimed, failure) ->
              failure == null
                  ? new Inside.LogsClaimed(by, claimed)
                  : new Inside.ClaimFailed(by, failure));
    }
  }

  private Effect<SessionEvent, SessionState> goOn(SessionState state, Inside.LogsClaimed logs) {
    var gone = logs.claimed().gone();
    var decision = Decision.happens(takeover.end(state, logs.claimed(), now()));
    return carryOut(state, decision).thenRun(_ -> output.forget(gone)).thenUnstashAll();
  }

  private Effect<SessionEvent, SessionState> claimFailed(Inside.ClaimFailed failed) {
    throw new IllegalStateException("could not claim run logs", failed.why());
  }

  private Effect<SessionEvent, SessionState> idle(SessionState state) {
    stay.offerToLeave(state);
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> stop(SessionState state) {
    stay.leave(id, state);
    return Effect().stop();
  }

  /** Nobody asked for it, and so nobody is told. */
  private EffectBuilder<SessionEvent, SessionState> carryOut(
      SessionState state, Decision<SessionEvent> decision) {
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
      case Decision.Happens<SessionEvent>(var events) -> {
        persisting = replyTo;
        yield Effect()
            .persist(events)
            .thenRun(
                after -> {
                  output
                      .follow(events, state, after, lastSequenceNumber(context))
                      .whenComplete((_, _) -> replyTo.tell(reply.apply(events)));
                  reconcile(after);
                });
      }
    };
  }

  /** The journal does not take such an event, today or tomorrow, and is none the worse for it. */
  private void rejected() {
    persisting.tell(new Refused(Judgement.fault(id)));
  }

  private void reconcile(SessionState state) {
    if (state instanceof Open open && takeover.isDone()) {
      work.reconcile(
          rules.owed(state).stream().filter(owed -> !halt.covers(owed)).toList(),
          open,
          takeover.said());
    } else {
      work.stopAll();
    }
    stay.goOn(state);
    patience.look(state);
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
