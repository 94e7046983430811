package clawster.runtime.sessions;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.kernel.Problem;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session's entity is told. What is a {@link ClusterMessage} may come from another node. */
public sealed interface SessionMessage
    permits SessionMessage.Submit,
        SessionMessage.StoredSubmit,
        SessionMessage.Change,
        SessionMessage.Read,
        SessionMessage.ListRuns,
        SessionMessage.Listen,
        SessionMessage.Wake,
        SessionMessage.Passivate,
        Inside {

  /**
   * @param listener hears the run from its first entry, if it is new
   */
  record Submit(
      SessionCommand.Submit command,
      Optional<ActorRef<RunFeed.Heard>> listener,
      ActorRef<Reply> replyTo)
      implements SessionMessage, ClusterMessage {}

  /**
   * A {@link Submit} whose command is too big to travel.
   *
   * @param command where among the {@link Payloads} it is
   */
  record StoredSubmit(
      UUID command, Optional<ActorRef<RunFeed.Heard>> listener, ActorRef<Reply> replyTo)
      implements SessionMessage, ClusterMessage {}

  /** Patch, reset, delete or abort. */
  record Change(SessionCommand command, ActorRef<Reply> replyTo)
      implements SessionMessage, ClusterMessage {}

  record Read(ActorRef<Delivery> replyTo) implements SessionMessage, ClusterMessage {}

  /** Asks for the open runs, oldest first: much less than the whole session. */
  record ListRuns(ActorRef<Reply> replyTo) implements SessionMessage, ClusterMessage {}

  /** Lets somebody hear a run of this session that may be going on here. */
  record Listen(RunId run, ActorRef<RunFeed.Heard> listener)
      implements SessionMessage, ClusterMessage {}

  /**
   * A run of this session is noted as owed.
   *
   * @param old whether the note has been there so long that its submit cannot be on the way any
   *     more
   */
  record Wake(RunId run, boolean old) implements SessionMessage, ClusterMessage {}

  /** Stop when there is nothing to do. */
  enum Passivate implements SessionMessage {
    NOW
  }

  /** Who waits for an answer to it, if anybody does. */
  static Optional<ActorRef<? super Refused>> asker(SessionMessage message) {
    return switch (message) {
      case Submit submit -> Optional.of(submit.replyTo());
      case StoredSubmit stored -> Optional.of(stored.replyTo());
      case Change change -> Optional.of(change.replyTo());
      case Read read -> Optional.of(read.replyTo());
      case ListRuns list -> Optional.of(list.replyTo());
      case Listen _, Wake _, Passivate _, Inside _ -> Optional.empty();
    };
  }

  /** What the entity answers, or where that is. */
  sealed interface Delivery extends ClusterMessage {}

  /** What the entity answers. */
  sealed interface Reply extends Delivery {}

  /** It is in the journal. {@code runs} are those it concerns: accepted, aborted, or open. */
  record Done(List<RunId> runs) implements Reply {
    public Done {
      runs = List.copyOf(runs);
    }
  }

  record Refused(Problem problem) implements Reply {}

  /** The session as it is. */
  record View(SessionState.Open state) implements Reply {}

  /** A view too big to travel; {@code view} is where among the {@link Payloads} it is. */
  record StoredView(UUID view) implements Delivery {}
}
