package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.nodes.NodeReport.Leaving;
import clawster.runtime.nodes.ShardPlan.Home;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardPlanTest {

  private final List<Home> homes = new ArrayList<>();
  private final Map<String, NodeReport> reports = new HashMap<>();

  private ShardPlanTest node(String node, Leaving leaving, int from, int to, String... busy) {
    homes.add(new Home(node, IntStream.range(from, to).mapToObj(String::valueOf).toList()));
    var at = Instant.EPOCH;
    var quiet =
        IntStream.range(0, 100)
            .mapToObj(String::valueOf)
            .filter(shard -> !List.of(busy).contains(shard))
            .collect(Collectors.toUnmodifiableSet());
    reports.put(
        node,
        new NodeReport(
            node,
            "1",
            node,
            "",
            "",
            leaving,
            0,
            0,
            quiet,
            UnreadableSessions.Told.NONE,
            0,
            0,
            at,
            at));
    return this;
  }

  private Set<String> moves(String... moving) {
    return new ShardPlan(homes, reports).moves(Set.of(moving));
  }

  @Test
  void aShardGoesToTheNodeWithTheFewest() {
    node("a", Leaving.NO, 0, 3).node("b", Leaving.NO, 3, 5).node("c", Leaving.QUIETLY, 5, 5);
    assertEquals("b", new ShardPlan(homes, reports).homeOfNext());
  }

  @ParameterizedTest
  @EnumSource(Leaving.class)
  void whereAllLeaveTheSmallestWillDo(Leaving leaving) {
    node("a", leaving, 0, 3).node("b", leaving, 3, 4);
    assertEquals("b", new ShardPlan(homes, reports).homeOfNext());
    if (leaving != Leaving.NO) {
      assertEquals(Set.of(), moves());
    }
  }

  @Test
  void whatIsEvenStays() {
    node("a", Leaving.NO, 0, 34).node("b", Leaving.NO, 34, 67).node("c", Leaving.NO, 67, 100);
    assertEquals(Set.of(), moves());
  }

  @Test
  void aSmallDifferenceIsNotWorthAMove() {
    node("a", Leaving.NO, 0, 35).node("b", Leaving.NO, 35, 68);
    assertEquals(Set.of(), moves());
  }

  @Test
  void aNodeThatIsNewGetsItsShareOfWhatIsQuiet() {
    node("a", Leaving.NO, 0, 6, "0", "1", "2", "3", "4").node("b", Leaving.NO, 6, 6);
    assertEquals(Set.of("5"), moves());
    assertEquals(Set.of(), moves("5"));
  }

  @Test
  void whatIsOnTheMoveIsNotMadeUpForByOthers() {
    node("a", Leaving.NO, 0, 6).node("b", Leaving.NO, 6, 6);
    var moves = moves();
    assertEquals(3, moves.size());
    assertEquals(Set.of(), moves(moves.toArray(String[]::new)));
    assertEquals(2, moves("0").size());
    assertEquals(3, moves("of another node").size());
  }

  @Test
  void ofANodeThatHasNotReportedNothingIsMoved() {
    node("a", Leaving.NO, 0, 6).node("b", Leaving.NO, 6, 6);
    reports.remove("a");
    assertEquals(Set.of(), moves());
  }

  @Test
  void aNodeThatLeavesQuietlyKeepsWhatIsAtWork() {
    node("a", Leaving.QUIETLY, 0, 3, "1").node("b", Leaving.NO, 3, 6);
    assertEquals(Set.of("0", "2"), moves());
  }

  @Test
  void aNodeThatLeavesAtOnceKeepsNothing() {
    node("a", Leaving.NOW, 0, 3, "1").node("b", Leaving.NO, 3, 6);
    assertEquals(Set.of("0", "1", "2"), moves());
  }

  @Test
  void notTooManyMoveAtOnce() {
    node("a", Leaving.NOW, 0, 100).node("b", Leaving.NO, 100, 100);
    assertEquals(ShardPlan.AT_ONCE, moves().size());
    var moving = IntStream.range(0, ShardPlan.AT_ONCE).mapToObj(String::valueOf);
    assertEquals(Set.of(), moves(moving.toArray(String[]::new)));
  }

  /** Whatever the nodes report, moving until nothing moves ends, and evenly. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void movingComesToAnEvenEnd(long seed) {
    var random = new Random(seed);
    int nodes = 2 + random.nextInt(4);
    int next = 0;
    for (int i = 0; i < nodes; i++) {
      int to = i == nodes - 1 ? 100 : next + random.nextInt(101 - next);
      var leaving = i == 0 ? Leaving.NO : Leaving.values()[random.nextInt(3)];
      node("node-" + i, leaving, next, to);
      next = to;
    }
    for (int round = 0; round < 20 && !moves().isEmpty(); round++) {
      moves().forEach(this::move);
    }
    assertEquals(Set.of(), moves(), "seed " + seed + ": " + homes);
    var staying = new HashSet<Integer>();
    for (var home : homes) {
      if (reports.get(home.node()).leaving() == Leaving.NO) {
        staying.add(home.shards().size());
      } else {
        assertEquals(0, home.shards().size(), "seed " + seed + ": " + homes);
      }
    }
    int most = staying.stream().mapToInt(i -> i).max().orElseThrow();
    int least = staying.stream().mapToInt(i -> i).min().orElseThrow();
    assertTrue(most - least <= 2, "seed " + seed + ": " + homes);
  }

  private void move(String shard) {
    homes.replaceAll(
        home ->
            new Home(
                home.node(),
                home.shards().stream()
                    .filter(each -> !each.equals(shard))
                    .collect(Collectors.toList())));
    var home = new ShardPlan(homes, reports).homeOfNext();
    homes.replaceAll(
        each -> {
          if (!each.node().equals(home)) {
            return each;
          }
          var shards = new ArrayList<>(each.shards());
          shards.add(shard);
          return new Home(home, shards);
        });
  }
}
