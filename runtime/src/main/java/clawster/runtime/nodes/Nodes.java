package clawster.runtime.nodes;

import clawster.runtime.nodes.NodeReports.Board;
import clawster.runtime.nodes.NodeReports.Drained;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** The nodes of the cluster, as this one sees them. */
public final class Nodes {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Board board;
  private final ActorRef<NodeReports.Command> reports;

  /**
   * A member.
   *
   * @param address what the cluster calls it
   * @param status the cluster's word: joining, up, leaving, exiting, down
   * @param reachable as far as the others can tell
   * @param leader who lets others in and out
   * @param report what it said last; empty if that is too long ago
   */
  public record Node(
      String address,
      String status,
      Set<String> roles,
      boolean reachable,
      boolean leader,
      Optional<NodeReport> report) {

    /** What people call it. */
    public String id() {
      return report.map(NodeReport::id).orElse(address);
    }
  }

  private Nodes(ActorSystem<?> system, Board board, ActorRef<NodeReports.Command> reports) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.board = board;
    this.reports = reports;
  }

  /**
   * Begins to report on this node.
   *
   * @param drain drains this node; must not block
   */
  public static Nodes start(
      ActorSystem<?> system,
      NodeReports.Self self,
      Activity activity,
      Board board,
      Runnable drain,
      Clock clock) {
    var reports =
        system.systemActorOf(
            NodeReports.create(self, activity, board, drain, clock), "node-reports", Props.empty());
    return new Nodes(system, board, reports);
  }

  /** Tells the others that this node is to be left. */
  public void leave(NodeReport.Leaving how) {
    reports.tell(new NodeReports.Leave(how));
  }

  /** All members, oldest first. */
  public List<Node> all() {
    var state = cluster.state();
    return StreamSupport.stream(state.getMembers().spliterator(), false)
        .sorted(Comparator.comparingInt(Member::upNumber))
        .map(
            member ->
                new Node(
                    member.address().toString(),
                    member.status().toString().toLowerCase(Locale.ROOT),
                    member.getRoles(),
                    !state.getUnreachable().contains(member),
                    member.address().equals(state.getLeader()),
                    Optional.ofNullable(board.reports().get(member.address().toString()))))
        .toList();
  }

  /** By id, or by a name that only one has. */
  public Optional<Node> find(String idOrName) {
    var all = all();
    return all.stream()
        .filter(node -> node.id().equals(idOrName))
        .findFirst()
        .or(
            () -> {
              var named =
                  all.stream()
                      .filter(
                          node -> node.report().filter(r -> r.name().equals(idOrName)).isPresent())
                      .toList();
              return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
            });
  }

  /**
   * Has a node hand over what it has, and end, if another stays. Of two drains at once through this
   * node the second knows of the first. Through two nodes they may meet, and then both be asked
   * for: what this node knows of others is up to a second old. Fails with a {@link
   * java.util.concurrent.TimeoutException} after three seconds.
   */
  public CompletionStage<Drained> drain(Node node) {
    var reachable =
        all().stream().filter(Node::reachable).map(Node::address).collect(Collectors.toSet());
    return AskPattern.ask(
        reports,
        replyTo -> new NodeReports.Drain(node.address(), reachable, replyTo),
        PATIENCE,
        system.scheduler());
  }
}
