package clawster.runtime.nodes;

import clawster.runtime.nodes.NodeReport.Leaving;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where shards are to be: evenly on the nodes that stay, moved only while they are quiet. A shard
 * is quiet only if its node has said so.
 */
final class ShardPlan {

  /** Shards that may be on the move at once. */
  static final int AT_ONCE = 40;

  /** A difference of this many shards is not worth a move. */
  private static final int TOLERANCE = 2;

  private final List<Home> homes;
  private final Map<String, NodeReport> reports;

  /**
   * A node that shards may be on.
   *
   * @param node what the cluster calls it
   */
  record Home(String node, List<String> shards) {
    Home {
      shards = List.copyOf(shards);
    }

    private int among(Set<String> some) {
      return (int) shards.stream().filter(some::contains).count();
    }
  }

  /**
   * @param reports the latest of each node, by what the cluster calls it
   */
  ShardPlan(List<Home> homes, Map<String, NodeReport> reports) {
    this.homes = List.copyOf(homes);
    this.reports = Map.copyOf(reports);
  }

  /** Where a shard that is nowhere goes: the node with the fewest of those that stay. */
  String homeOfNext() {
    return homes.stream()
        .min(
            Comparator.<Home, Boolean>comparing(home -> leaving(home) != Leaving.NO)
                .thenComparing(home -> home.shards().size())
                .thenComparing(Home::node))
        .orElseThrow()
        .node();
  }

  /**
   * Shards to be taken from where they are.
   *
   * @param moving those on the move already
   */
  Set<String> moves(Set<String> moving) {
    int staying = (int) homes.stream().filter(home -> leaving(home) == Leaving.NO).count();
    int room = AT_ONCE - moving.size();
    if (staying == 0 || room <= 0) {
      return Set.of();
    }
    var moves = new ArrayList<String>();
    for (var home : homes) {
      movable(home)
          .filter(shard -> !moving.contains(shard))
          .limit(surplus(home, staying, moving))
          .forEach(moves::add);
    }
    return moves.stream().limit(room).collect(Collectors.toUnmodifiableSet());
  }

  /** How many shards a node has too many, without those that are on the move already. */
  private int surplus(Home home, int staying, Set<String> moving) {
    if (leaving(home) != Leaving.NO) {
      return home.shards().size();
    }
    int all = homes.stream().mapToInt(h -> h.shards().size()).sum();
    int share = (all + staying - 1) / staying;
    int smallest =
        homes.stream()
            .filter(h -> leaving(h) == Leaving.NO)
            .mapToInt(h -> h.shards().size())
            .min()
            .orElse(share);
    return home.shards().size() - smallest > TOLERANCE
        ? Math.max(0, home.shards().size() - share - home.among(moving))
        : 0;
  }

  private Stream<String> movable(Home home) {
    return switch (leaving(home)) {
      case NOW -> home.shards().stream();
      case NO, QUIETLY ->
          report(home).stream()
              .flatMap(
                  report -> home.shards().stream().filter(shard -> report.quiet().contains(shard)));
    };
  }

  private Leaving leaving(Home home) {
    return report(home).map(NodeReport::leaving).orElse(Leaving.NO);
  }

  private Optional<NodeReport> report(Home home) {
    return Optional.ofNullable(reports.get(home.node()));
  }
}
