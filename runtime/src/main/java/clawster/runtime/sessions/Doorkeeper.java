package clawster.runtime.sessions;

import clawster.runtime.sessions.SessionMessage.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a session's entity. While its journal is read he remembers who came; if it cannot
 * be read he tells them, takes the entity out of memory and answers in its place, until it is time
 * to try again. Nobody waits for what will not come, and nothing is read over and over. All that
 * can be done to such a session is to delete it.
 *
 * <pre>
 *   reading --recovered--> open
 *   reading --unreadable--> closed --somebody comes, and it is time--> reading
 *   reading --unreadable, and somebody wants it deleted--> burying --> reading
 *   closed --somebody wants it deleted--> burying --> reading
 * </pre>
 */
final class Doorkeeper extends BehaviorInterceptor<SessionMessage, SessionMessage> {

  /** So long after it could not be read it is tried again for whoever wants an answer. */
  static final Duration AGAIN_FOR_CALLERS = Duration.ofSeconds(10);

  /** Likewise for a note that a run is owed, which comes again every few seconds and for ever. */
  static final Duration AGAIN_FOR_NOTES = Duration.ofMinutes(10);

  /** Who comes behind so many is told after a retry. */
  private static final int MAX_WAITING = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

  private enum Door {
    READING,
    OPEN,
    CLOSED,
    BURYING
  }

  private final SessionId id;
  private final SessionParts parts;
  private final Supplier<Behavior<SessionMessage>> entity;
  private final List<ActorRef<? super Refused>> waiting = new ArrayList<>();
  private final List<ActorRef<SessionMessage.Reply>> deleting = new ArrayList<>();
  private Door door = Door.READING;
  private Instant closed = Instant.EPOCH;
  private boolean toStop;

  private Doorkeeper(SessionId id, SessionParts parts, Supplier<Behavior<SessionMessage>> entity) {
    super(SessionMessage.class);
    this.id = id;
    this.parts = parts;
    this.entity = entity;
  }

  /**
   * @param entity reads the journal when it starts, and says how that went: {@link
   *     Inside.Recovered} or {@link Inside.NotReadable}
   */
  static Behavior<SessionMessage> before(
      SessionId id, SessionParts parts, Supplier<Behavior<SessionMessage>> entity) {
    return Behaviors.intercept(() -> new Doorkeeper(id, parts, entity), entity.get());
  }

  @Override
  public Behavior<SessionMessage> aroundReceive(
      TypedActorContext<SessionMessage> context,
      SessionMessage message,
      ReceiveTarget<SessionMessage> target) {
    switch (message) {
      case Inside.Recovered _ -> open();
      case Inside.NotReadable found -> {
        return close(found);
      }
      case Inside.Buried(boolean done) -> {
        return buried(done);
      }
      case SessionMessage _ when door == Door.CLOSED -> {
        return refuse(context, message);
      }
      case SessionMessage _ when door == Door.BURYING && !(message instanceof Inside.Bury) -> {
        return refuseMeanwhile(message);
      }
      case SessionMessage _ when door == Door.READING -> remember(message);
      case SessionMessage _ -> {}
    }
    return target.apply(context, message);
  }

  @Override
  public Behavior<SessionMessage> aroundSignal(
      TypedActorContext<SessionMessage> context,
      Signal signal,
      SignalTarget<SessionMessage> target) {
    if (signal instanceof PostStop) {
      parts.activity().unreadable().gone(id.toString());
    }
    return target.apply(context, signal);
  }

  private void remember(SessionMessage message) {
    if (message instanceof SessionMessage.Passivate) {
      toStop = true;
    }
    if (waiting.size() + deleting.size() >= MAX_WAITING) {
      return;
    }
    if (message instanceof SessionMessage.Change(SessionCommand.Delete _, var replyTo)) {
      deleting.add(replyTo);
    } else {
      SessionMessage.asker(message).ifPresent(waiting::add);
    }
  }

  private void open() {
    if (door != Door.OPEN) {
      door = Door.OPEN;
      waiting.clear();
      deleting.clear();
      parts.activity().unreadable().gone(id.toString());
    }
  }

  /** Pekko signals a failed recovery twice when it fails at an event. */
  private Behavior<SessionMessage> close(Inside.NotReadable found) {
    if (door == Door.CLOSED || door == Door.BURYING) {
      return Behaviors.same();
    }
    door = Door.CLOSED;
    closed = now();
    if (parts.activity().unreadable().found(id.toString(), found.reason(), closed)) {
      LOG.error("Session {} cannot be read: {}", id, found.reason());
    }
    waiting.forEach(this::tell);
    waiting.clear();
    if (toStop) {
      deleting.forEach(this::tell);
      return Behaviors.stopped();
    }
    return deleting.isEmpty() ? Behaviors.ignore() : bury();
  }

  private Behavior<SessionMessage> bury() {
    door = Door.BURYING;
    LOG.warn("Session {} cannot be read and is deleted", id);
    return Burial.of(id, parts);
  }

  private Behavior<SessionMessage> buried(boolean done) {
    if (door != Door.BURYING) {
      return Behaviors.same();
    }
    door = Door.READING;
    if (done) {
      parts.activity().unreadable().gone(id.toString());
    }
    SessionMessage.Reply reply =
        done ? new SessionMessage.Done(List.of()) : new Refused(SessionProblems.UNAVAILABLE);
    deleting.forEach(asker -> asker.tell(reply));
    deleting.clear();
    return toStop ? Behaviors.stopped() : entity.get();
  }

  /** What is on its way into the journal is not broken off. */
  private Behavior<SessionMessage> refuseMeanwhile(SessionMessage message) {
    remember(message);
    waiting.forEach(this::tell);
    waiting.clear();
    return Behaviors.same();
  }

  private Behavior<SessionMessage> refuse(
      TypedActorContext<SessionMessage> context, SessionMessage message) {
    if (message instanceof SessionMessage.Passivate) {
      return Behaviors.stopped();
    }
    if (message instanceof SessionMessage.Change(SessionCommand.Delete _, _)) {
      remember(message);
      return bury();
    }
    if (isTimeFor(message)) {
      door = Door.READING;
      context.asJava().getSelf().tell(message);
      return entity.get();
    }
    SessionMessage.asker(message).ifPresent(this::tell);
    return Behaviors.same();
  }

  private boolean isTimeFor(SessionMessage message) {
    return SessionMessage.asker(message).isPresent() && isPast(AGAIN_FOR_CALLERS)
        || message instanceof SessionMessage.Wake && isPast(AGAIN_FOR_NOTES);
  }

  private boolean isPast(Duration wait) {
    return !now().isBefore(closed.plus(wait));
  }

  private void tell(ActorRef<? super Refused> asker) {
    asker.tell(new Refused(SessionProblems.UNREADABLE.with("session", id.toString())));
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
