package clawster.runtime.runs;

import clawster.runtime.kernel.ClusterMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Hands what this node commits to whoever listens, on any node. One per node. It keeps no text: a
 * listener without credit is skipped and told the tail when it asks again, and reads the gap from
 * the log. So a slow listener costs nobody anything.
 */
public final class RunFeed extends AbstractBehavior<RunFeed.Command> {

  public sealed interface Command {}

  /**
   * This node writes a run from here on; {@code tail} is its last committed entry, 0 if it is
   * fresh.
   */
  public record Opened(RunId run, long tail) implements Command {}

  /** Told by the run log's writer after each commit. */
  public record Committed(Map<RunId, List<RunEntry>> entries) implements Command {}

  /** This node has said the last of a run; it is on its way to be committed. */
  public record Closed(RunId run) implements Command {}

  /** This node writes a run no more, though it goes on: somebody else will. */
  public record Released(RunId run) implements Command {}

  /** Lets {@code listener} hear a run, up to {@code credit} entries for now. */
  public record Listen(RunId run, ActorRef<Heard> listener, int credit)
      implements Command, ClusterMessage {}

  /** Sets what {@code listener} may be sent from here on. */
  public record Credit(RunId run, ActorRef<Heard> listener, int credit)
      implements Command, ClusterMessage {}

  /** Sent by nobody: a listener's node or stream is gone. */
  private record Gone(RunId run, ActorRef<Heard> listener) implements Command {}

  /** What a listener hears. */
  public sealed interface Heard extends ClusterMessage {}

  /** Entries in order, without a gap among themselves. */
  public record Entries(RunId run, List<RunEntry> entries) implements Heard {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The listener is known here.
   *
   * @param tail the last committed entry; -1 if this node does not write that run
   */
  public record Listening(RunId run, long tail, ActorRef<Command> feed) implements Heard {}

  /** That feed writes the run no more, which has not ended. */
  public record Silenced(RunId run, ActorRef<Command> feed) implements Heard {}

  private static final class Listener {
    private int credit;
    private boolean skipped;

    Listener(int credit) {
      this.credit = credit;
    }
  }

  private static final class Live {
    private long tail;
    private boolean writing;
    private final Map<ActorRef<Heard>, Listener> listeners = new HashMap<>();
  }

  private final Map<RunId, Live> runs = new HashMap<>();

  public static Behavior<Command> create() {
    return Behaviors.setup(RunFeed::new);
  }

  private RunFeed(ActorContext<Command> context) {
    super(context);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Opened opened -> open(opened);
                case Committed committed -> committed.entries().forEach(this::publish);
                case Closed closed -> close(closed.run());
                case Released released -> release(released.run());
                case Listen listen -> listen(listen);
                case Credit credit -> credit(credit);
                case Gone gone -> forget(gone);
              }
              return this;
            })
        .build();
  }

  private void open(Opened opened) {
    var live = runs.computeIfAbsent(opened.run(), _ -> new Live());
    live.writing = true;
    live.tail = Math.max(live.tail, opened.tail());
  }

  private void close(RunId run) {
    var live = runs.get(run);
    if (live != null) {
      live.writing = false;
      dropIfUnused(run, live);
    }
  }

  private void release(RunId run) {
    var live = runs.get(run);
    if (live != null && live.writing) {
      var silenced = new Silenced(run, getContext().getSelf());
      live.listeners.keySet().forEach(listener -> listener.tell(silenced));
      close(run);
    }
  }

  private void listen(Listen listen) {
    var live = runs.computeIfAbsent(listen.run(), _ -> new Live());
    if (live.listeners.put(listen.listener(), new Listener(listen.credit())) == null) {
      getContext().watchWith(listen.listener(), new Gone(listen.run(), listen.listener()));
    }
    listen.listener().tell(listening(listen.run(), live));
  }

  private void credit(Credit credit) {
    var live = runs.get(credit.run());
    var listener = live == null ? null : live.listeners.get(credit.listener());
    if (listener == null) {
      return;
    }
    listener.credit = credit.credit();
    if (listener.skipped) {
      listener.skipped = false;
      credit.listener().tell(listening(credit.run(), live));
    }
  }

  private Listening listening(RunId run, Live live) {
    return new Listening(run, live.writing ? live.tail : -1, getContext().getSelf());
  }

  private void publish(RunId run, List<RunEntry> entries) {
    var live = runs.get(run);
    if (live == null) {
      return;
    }
    live.tail = entries.getLast().seq();
    var message = new Entries(run, entries);
    live.listeners.forEach((to, listener) -> offer(to, listener, message));
    if (entries.getLast().ends()) {
      live.listeners.forEach((to, listener) -> bidFarewell(run, live, to, listener));
      runs.remove(run);
    }
  }

  private void bidFarewell(RunId run, Live live, ActorRef<Heard> to, Listener listener) {
    getContext().unwatch(to);
    if (listener.skipped) {
      to.tell(listening(run, live));
    }
  }

  /** Sends as much as the credit is good for, so that it is used up before anything is skipped. */
  private static void offer(ActorRef<Heard> to, Listener listener, Entries message) {
    var entries = message.entries();
    int fits = listener.skipped ? 0 : Math.min(listener.credit, entries.size());
    if (fits > 0) {
      listener.credit -= fits;
      to.tell(
          fits == entries.size() ? message : new Entries(message.run(), entries.subList(0, fits)));
    }
    listener.skipped |= fits < entries.size();
  }

  private void forget(Gone gone) {
    var live = runs.get(gone.run());
    if (live != null) {
      live.listeners.remove(gone.listener());
      dropIfUnused(gone.run(), live);
    }
  }

  private void dropIfUnused(RunId run, Live live) {
    if (!live.writing && live.listeners.isEmpty()) {
      runs.remove(run);
    }
  }
}
