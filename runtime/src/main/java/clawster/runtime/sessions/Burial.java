package clawster.runtime.sessions;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Deletes a session that cannot be read, and reads nothing of it: behind its last event it writes
 * that the session is deleted, which fences whoever else might write, and then has all taken away
 * that was before. Tells the door {@link Inside.Buried}. Whatever breaks on the way, it may be done
 * again.
 */
final class Burial extends EventSourcedBehavior<SessionMessage, SessionEvent, SessionState> {

  private final ActorContext<SessionMessage> context;
  private final SessionId id;
  private final SessionParts parts;
  private final ActorRef<SessionMessage> door;
  private final SessionRules rules = new SessionRules();

  static Behavior<SessionMessage> of(
      SessionId id, SessionParts parts, ActorRef<SessionMessage> door) {
    return Behaviors.setup(context -> new Burial(context, id, parts, door));
  }

  private Burial(
      ActorContext<SessionMessage> context,
      SessionId id,
      SessionParts parts,
      ActorRef<SessionMessage> door) {
    super(SessionEntity.persistenceId(id), SessionEntity.REREAD);
    this.context = context;
    this.id = id;
    this.parts = parts;
    this.door = door;
  }

  /** Only the number of the last event is looked up. */
  @Override
  public Recovery recovery() {
    return Recovery.disabled();
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
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), _ -> context.getSelf().tell(new Inside.Bury()))
        .build();
  }

  @Override
  public CommandHandler<SessionMessage, SessionEvent, SessionState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Inside.Bury.class, _ -> bury())
        .build();
  }

  private Effect<SessionEvent, SessionState> bury() {
    long revision = lastSequenceNumber(context) + 1;
    return Effect()
        .persist(new SessionEvent.Deleted(epochAbove(revision), parts.clock().instant()))
        .thenRun(() -> clear(revision));
  }

  /** More than any owner had: each took an event to say that it was one. */
  private static int epochAbove(long revision) {
    return Math.toIntExact(revision);
  }

  private void clear(long revision) {
    var self = context.getSelf();
    parts
        .directory()
        .bury(id, revision)
        .whenComplete((_, failure) -> door.tell(new Inside.Buried(self, failure == null)));
  }
}
