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
import java.util.ArrayList;
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
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.apache.pekko.stream.Materializer;

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

  private static final int SNAPSHOT_EVERY = 100;

  /** Entries a listener may be sent before it says more. */
  private static final int CREDIT = 256;

  /** What only this entity tells itself. */
  sealed interface Inside extends SessionMessage {}

  /** {@code by} tells an earlier incarnation's work from ours. */
  private record TurnEnded(SessionWork by, Owed.ModelCall call, ModelTurn.Outcome outcome)
      implements Inside {}

  private record ToolEnded(SessionWork by, Owed.ToolRun call, ToolResult result)
      implements Inside {}

  private record Halted(Owed.ModelCall call, Optional<Message> shown) {}

  private record Recovered() implements Inside {}

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
  private final SessionWork work;
  private final SessionOutput output;
  private final BigMessages bigMessages;
  private final Activity.Presence presence;

  /** Whether a model call is being stopped for somebody who will end its run. */
  private boolean halting;

  /** The model call that was stopped for somebody who will end its run, and what it had shown. */
  private Optional<Halted> halted = Optional.empty();

  /** Whether the logs of all open runs are ours, so that owed work may start and runs may end. */
  private boolean logsAreOurs = true;

  private Said said = Said.NOTHING;

  /** Whether a write has failed that may have been done: then its run has ended, unheard. */
  private boolean hasFailed;

  /** Whatever goes wrong, the journal knows how to go on. */
  public static Behavior<SessionMessage> create(
      EntityContext<SessionMessage> entity, SessionParts parts) {
    return Behaviors.supervise(
            Behaviors.<SessionMessage>setup(
                context ->
                    new SessionEntity(
                        context,
                        entity.getShard(),
                        new SessionId(UUID.fromString(entity.getEntityId())),
                        parts)))
        .onFailure(RESTART);
  }

  private SessionEntity(
      ActorContext<SessionMessage> context,
      ActorRef<ClusterSharding.ShardCommand> shard,
      SessionId id,
      SessionParts parts) {
    super(PersistenceId.of("session", id.toString()), RESTART);
    this.context = context;
    this.shard = shard;
    this.id = id;
    this.parts = parts;
    this.output = new SessionOutput(id, parts);
    this.bigMessages = new BigMessages(context.getSystem(), parts.payloads());
    this.work = work(context, parts);
    this.presence = parts.activity().enter(shard.path().name());
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
    return rules::evolve;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(PreRestart.instance(), _ -> failed())
        .onSignal(PostStop.instance(), _ -> leave())
        .build();
  }

  /**
   * Said even if nothing is to be claimed: what waits behind the remains of a failed write is
   * looked at when a message comes, and not before.
   */
  private void recovered(SessionState state) {
    logsAreOurs = !(state instanceof Open open) || open.idle();
    tellActivity(state);
    context.getSelf().tell(new Recovered());
    if (hasFailed && state instanceof Open open) {
      open.lastEnded().ifPresent(run -> output.end(List.of(), state, run));
    }
    hasFailed = false;
  }

  private void failed() {
    hasFailed = true;
    leave();
  }

  private void leave() {
    work.stopAll();
    output.leave();
    presence.leave();
  }

  private void tellActivity(SessionState state) {
    presence.open(state instanceof Open open ? open.openRuns() : 0);
  }

  @Override
  public CommandHandler<SessionMessage, SessionEvent, SessionState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::handle);
  }

  private Effect<SessionEvent, SessionState> handle(SessionState state, SessionMessage message) {
    return switch (message) {
      case SessionMessage.Submit _, SessionMessage.Change _ when halting || !logsAreOurs ->
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
      case Recovered _ -> logsAreOurs ? Effect().none() : claim(state);
      case LogsClaimed claimed -> goOn(state, claimed);
      case ClaimFailed failed -> claimFailed(failed);
      case Idle _ -> idle(state);
    };
  }

  private Effect<SessionEvent, SessionState> submit(
      SessionState state, SessionMessage.Submit message) {
    var command = message.command();
    boolean known = state instanceof Open open && open.knows(command.run());
    var decision = rules.decide(state, command.stopped(shown(state)));
    if (decision instanceof Decision.Happens) {
      if (SessionRules.mode(state, command) == InputMode.INTERRUPT
          && work.isCallingModel()
          && !known) {
        return halt();
      }
      if (!known) {
        output.open(command.run(), state.epoch());
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
    if (work.isCallingModel() && endsCurrentRun(state, message.command())) {
      return halt();
    }
    var command =
        message.command() instanceof SessionCommand.Abort abort
            ? abort.shown(shown(state))
            : message.command();
    return apply(
        state,
        rules.decide(state, command),
        message.replyTo(),
        events -> new Done(SessionLog.aborted(events)));
  }

  private static boolean endsCurrentRun(SessionState state, SessionCommand command) {
    return switch (command) {
      case SessionCommand.Reset _, SessionCommand.Delete _ -> true;
      case SessionCommand.Abort abort ->
          abort.run().isEmpty()
              || state instanceof Open open
                  && open.current().map(SessionState.Run::id).equals(abort.run());
      case SessionCommand.Submit _,
          SessionCommand.Claim _,
          SessionCommand.SettleModel _,
          SessionCommand.FailModel _,
          SessionCommand.SettleTool _,
          SessionCommand.Patch _ ->
          false;
    };
  }

  private Optional<Message> shown(SessionState state) {
    var current = state instanceof Open open ? open.current() : Optional.<SessionState.Run>empty();
    return halted
        .filter(h -> current.filter(run -> run.id().equals(h.call().run())).isPresent())
        .flatMap(Halted::shown);
  }

  /** Stops the model call first: only then is known what had been shown. */
  private Effect<SessionEvent, SessionState> halt() {
    halting = true;
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
        listed.thenRun(() -> output.end(List.of(), state, wake.run()));
      }
    }
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> turnEnded(SessionState state, TurnEnded ended) {
    if (ended.by() != work) {
      return Effect().none();
    }
    work.ended(ended.call());
    halting = false;
    return settle(state, ended.call(), ended.outcome()).thenUnstashAll();
  }

  private EffectBuilder<SessionEvent, SessionState> settle(
      SessionState state, Owed.ModelCall call, ModelTurn.Outcome outcome) {
    return switch (outcome) {
      case ModelTurn.Outcome.Answered(var message, var calls, var reason, var usage) ->
          decide(
              state,
              new SessionCommand.SettleModel(
                  call.run(), call.step(), message, calls, reason, usage, now()));
      case ModelTurn.Outcome.Failed(var code, var reason, var shown) ->
          decide(
              state,
              new SessionCommand.FailModel(call.run(), call.step(), code, reason, shown, now()));
      case ModelTurn.Outcome.Halted(var partial) -> {
        halted = Optional.of(new Halted(call, partial));
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
            ended.call().run(),
            ended.call().call().id(),
            outcome,
            ended.result().content(),
            now()));
  }

  private Effect<SessionEvent, SessionState> claim(SessionState state) {
    if (!(rules.decide(state, new SessionCommand.Claim(now()))
        instanceof Decision.Happens<SessionEvent>(var events))) {
      return Effect().none();
    }
    return Effect().persist(events).thenRun(after -> claimLogs(events, after));
  }

  private void claimLogs(List<SessionEvent> events, SessionState after) {
    events.stream()
        .flatMap(event -> SessionLog.ended(event).stream())
        .forEach(run -> output.end(events, after, run));
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
    said = logs.claimed().said();
    logsAreOurs = true;
    var gone = logs.claimed().gone();
    var decision = Decision.happens(abort(state, gone));
    return apply(state, decision, context.getSystem().ignoreRef(), _ -> new Done(gone))
        .thenRun(_ -> output.forget(gone))
        .thenUnstashAll();
  }

  private List<SessionEvent> abort(SessionState state, List<RunId> runs) {
    var events = new ArrayList<SessionEvent>();
    for (var run : runs) {
      var abort = new SessionCommand.Abort(Optional.of(run), Optional.empty(), now());
      var after = events.stream().reduce(state, rules::evolve, (_, last) -> last);
      if (rules.decide(after, abort) instanceof Decision.Happens<SessionEvent>(var more)) {
        events.addAll(more);
      }
    }
    return events;
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
          .tell(new SessionMessage.Wake(open.anyRun(), false));
    }
    return Effect().stop();
  }

  private EffectBuilder<SessionEvent, SessionState> decide(
      SessionState state, SessionCommand command) {
    return apply(
        state,
        rules.decide(state, command),
        context.getSystem().ignoreRef(),
        _ -> new Done(List.of()));
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
          Effect()
              .persist(events)
              .thenRun(
                  (SessionState after) -> {
                    output
                        .follow(events, state, after, lastSequenceNumber(context))
                        .whenComplete((_, _) -> replyTo.tell(reply.apply(events)));
                    reconcile(after);
                  });
    };
  }

  private void reconcile(SessionState state) {
    tellActivity(state);
    if (state instanceof Open open && logsAreOurs) {
      work.reconcile(
          rules.owed(state).stream().filter(owed -> !isHalted(owed)).toList(), open, said);
      said = Said.NOTHING;
    } else {
      work.stopAll();
    }
    if (isStateless(state)) {
      idle(state);
    }
  }

  private boolean isHalted(Owed owed) {
    return halted.filter(h -> h.call().equals(owed)).isPresent();
  }

  private static boolean isStateless(SessionState state) {
    return state instanceof Open open && open.idle() && !open.profile().kept();
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
