package clawster.runtime.sessions;

import clawster.runtime.sessions.SessionMessage.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's address; behind it the session's entity reads its journal. Meanwhile the doorkeeper
 * remembers who came; if the journal cannot be read he tells them, takes the entity out of memory
 * and answers in its place, until it is time to try again. Nobody waits for what will not come, and
 * nothing is read over and over. All that can be done to such a session is to delete it.
 *
 * <pre>
 *   reading --recovered--> open
 *   reading --unreadable--> closed --somebody comes, and it is time--> reading
 *   reading --unreadable, and somebody wants it deleted--> burying --> reading
 *   closed --somebody wants it deleted--> burying --> reading
 * </pre>
 *
 * <p>Each reading has an actor of its own: what a journal still sends of a reading that failed
 * would be taken by the next one for its own.
 */
final class Doorkeeper extends AbstractBehavior<SessionMessage> {

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
  private final Function<ActorRef<SessionMessage>, Behavior<SessionMessage>> entity;
  private final List<ActorRef<? super Refused>> waiting = new ArrayList<>();
  private final List<ActorRef<SessionMessage.Reply>> deleting = new ArrayList<>();
  private ActorRef<SessionMessage> inside;
  private Door door = Door.READING;
  private Instant closed = Instant.EPOCH;
  private boolean toStop;

  private Doorkeeper(
      ActorContext<SessionMessage> context,
      SessionId id,
      SessionParts parts,
      Function<ActorRef<SessionMessage>, Behavior<SessionMessage>> entity) {
    super(context);
    this.id = id;
    this.parts = parts;
    this.entity = entity;
    letIn(entity.apply(context.getSelf()));
  }

  /**
   * @param entity reads the journal when it starts, and says to whom it is given how that went:
   *     {@link Inside.Readable} or {@link Inside.NotReadable}
   */
  static Behavior<SessionMessage> before(
      SessionId id,
      SessionParts parts,
      Function<ActorRef<SessionMessage>, Behavior<SessionMessage>> entity) {
    return Behaviors.setup(context -> new Doorkeeper(context, id, parts, entity));
  }

  @Override
  public Receive<SessionMessage> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::receive)
        .onSignal(
            Terminated.class, ended -> ended.getRef().equals(inside), _ -> Behaviors.stopped())
        .onSignal(PostStop.class, _ -> gone())
        .build();
  }

  private Behavior<SessionMessage> receive(SessionMessage message) {
    return switch (message) {
      case Inside.Word late when !late.by().equals(inside) -> this;
      case Inside.Readable _ -> open();
      case Inside.NotReadable found -> close(found);
      case Inside.Buried buried -> buried(buried.done());
      case SessionMessage _ ->
          switch (door) {
            case READING -> {
              remember(message);
              yield pass(message);
            }
            case OPEN -> pass(message);
            case CLOSED -> refuse(message);
            case BURYING -> refuseMeanwhile(message);
          };
    };
  }

  private Behavior<SessionMessage> pass(SessionMessage message) {
    inside.tell(message);
    return this;
  }

  private Behavior<SessionMessage> gone() {
    parts.activity().unreadable().gone(id.toString());
    return this;
  }

  private void letIn(Behavior<SessionMessage> next) {
    inside = getContext().spawnAnonymous(next);
    getContext().watch(inside);
  }

  private void putOut() {
    getContext().unwatch(inside);
    getContext().stop(inside);
    inside = getContext().getSystem().ignoreRef();
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

  private Behavior<SessionMessage> read() {
    door = Door.READING;
    letIn(entity.apply(getContext().getSelf()));
    return this;
  }

  private Behavior<SessionMessage> open() {
    if (door == Door.READING) {
      door = Door.OPEN;
      waiting.clear();
      deleting.clear();
      parts.activity().unreadable().gone(id.toString());
    }
    return this;
  }

  private Behavior<SessionMessage> close(Inside.NotReadable found) {
    putOut();
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
    return deleting.isEmpty() ? this : bury();
  }

  private Behavior<SessionMessage> bury() {
    door = Door.BURYING;
    LOG.warn("Session {} cannot be read and is deleted", id);
    letIn(Burial.of(id, parts, getContext().getSelf()));
    return this;
  }

  private Behavior<SessionMessage> buried(boolean done) {
    putOut();
    if (done) {
      parts.activity().unreadable().gone(id.toString());
    }
    SessionMessage.Reply reply =
        done ? new SessionMessage.Done(List.of()) : new Refused(SessionProblems.UNAVAILABLE);
    deleting.forEach(asker -> asker.tell(reply));
    deleting.clear();
    return toStop ? Behaviors.stopped() : read();
  }

  /** What is on its way into the journal is not broken off. */
  private Behavior<SessionMessage> refuseMeanwhile(SessionMessage message) {
    remember(message);
    waiting.forEach(this::tell);
    waiting.clear();
    return this;
  }

  private Behavior<SessionMessage> refuse(SessionMessage message) {
    if (message instanceof SessionMessage.Passivate) {
      return Behaviors.stopped();
    }
    if (message instanceof SessionMessage.Change(SessionCommand.Delete _, _)) {
      remember(message);
      return bury();
    }
    if (isTimeFor(message)) {
      read();
      return receive(message);
    }
    SessionMessage.asker(message).ifPresent(this::tell);
    return this;
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
