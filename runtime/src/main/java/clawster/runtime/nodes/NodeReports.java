package clawster.runtime.nodes;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.nodes.NodeReport.Leaving;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * Tells this node's report to all others, and keeps theirs. What is kept is a hint, a second old:
 * nothing that must be right may rest on it.
 */
public final class NodeReports extends AbstractBehavior<NodeReports.Command> {

  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "node-reports");

  private static final Duration EVERY = Duration.ofSeconds(1);

  public sealed interface Command {}

  /** Another node's report, or ours. */
  public record Told(NodeReport report) implements Command, ClusterMessage {}

  /** This node is to be left. */
  public record Leave(Leaving how) implements Command {}

  /**
   * A node is to be drained.
   *
   * @param node what the cluster calls it
   * @param reachable the nodes that may take over what it has
   */
  public record Drain(String node, Set<String> reachable, ActorRef<Drained> replyTo)
      implements Command {}

  /** What came of it. */
  public enum Drained {
    /** It has been told. */
    ASKED,
    /** It is not known here, and so cannot be told. */
    UNKNOWN,
    /** No other would stay. */
    LAST
  }

  /** Whoever is told is to be drained. */
  public record BeDrained() implements Command, ClusterMessage {}

  private enum Tick implements Command {
    NOW
  }

  private record Peers(Set<ActorRef<Command>> all) implements Command {}

  /**
   * What this node is, for the report.
   *
   * @param url empty while it serves nobody
   */
  public record Self(
      String address,
      String id,
      String name,
      Supplier<String> url,
      String version,
      Instant started) {}

  /** The latest reports, for who cannot wait for an answer. */
  public static final class Board {

    private final AtomicReference<Map<String, NodeReport>> reports =
        new AtomicReference<>(Map.of());

    /** By what the cluster calls the node. */
    public Map<String, NodeReport> reports() {
      return reports.get();
    }
  }

  private final Self self;
  private final Activity activity;
  private final Board board;
  private final Runnable drain;
  private final Clock clock;
  private final LatestReports latest = new LatestReports();
  private Set<ActorRef<Command>> peers = Set.of();
  private Leaving leaving = Leaving.NO;

  /**
   * @param board where all reports are put up
   * @param drain drains this node; must not block
   */
  public static Behavior<Command> create(
      Self self, Activity activity, Board board, Runnable drain, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.NOW, Duration.ZERO, EVERY);
                  return new NodeReports(context, self, activity, board, drain, clock);
                }));
  }

  private NodeReports(
      ActorContext<Command> context,
      Self self,
      Activity activity,
      Board board,
      Runnable drain,
      Clock clock) {
    super(context);
    this.self = self;
    this.activity = activity;
    this.board = board;
    this.drain = drain;
    this.clock = clock;
    var receptionist = context.getSystem().receptionist();
    receptionist.tell(Receptionist.register(KEY, context.getSelf()));
    receptionist.tell(
        Receptionist.subscribe(
            KEY,
            context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new Peers(listing.getServiceInstances(KEY)))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Tick _ -> tell();
                case Told told -> putUp(told.report());
                case Leave leave -> leave(leave.how());
                case Drain wanted -> wanted.replyTo().tell(drain(wanted));
                case BeDrained _ -> drain.run();
                case Peers listed -> meet(listed.all());
              }
              return this;
            })
        .build();
  }

  private void leave(Leaving how) {
    leaving = how;
    tell();
  }

  /** Here alone, one after the other, so that two drains do not each count on the other's node. */
  private Drained drain(Drain wanted) {
    var node = wanted.node();
    var found = peers.stream().filter(peer -> address(peer).equals(node)).findFirst();
    if (found.isEmpty()) {
      return Drained.UNKNOWN;
    }
    if (!latest.anyStaysWithout(node, wanted.reachable())) {
      return Drained.LAST;
    }
    latest.ask(node, clock.instant());
    board.reports.set(latest.all());
    found.get().tell(new BeDrained());
    return Drained.ASKED;
  }

  private String address(ActorRef<Command> peer) {
    var address = peer.path().address();
    return address.hasGlobalScope() ? address.toString() : self.address();
  }

  private boolean isAnother(ActorRef<Command> peer) {
    return !peer.equals(getContext().getSelf());
  }

  private void meet(Set<ActorRef<Command>> all) {
    peers = Set.copyOf(all);
    tell();
  }

  private void tell() {
    var told = new Told(report());
    peers.stream().filter(this::isAnother).forEach(peer -> peer.tell(told));
    putUp(told.report());
  }

  private NodeReport report() {
    var memory = Runtime.getRuntime();
    return new NodeReport(
        self.address(),
        self.id(),
        self.name(),
        self.url().get(),
        self.version(),
        leaving,
        activity.sessions(),
        activity.runs(),
        activity.quiet(),
        activity.unreadable().told(),
        memory.totalMemory() - memory.freeMemory(),
        memory.maxMemory(),
        self.started(),
        clock.instant());
  }

  private void putUp(NodeReport report) {
    latest.put(report, clock.instant());
    board.reports.set(latest.all());
  }
}
