package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The first turn of sessions that have a long past and were put out of memory. How long the node
 * keeps a resting session is told by the caller; without it the row does not guess.
 */
record Wake() implements Row {

  private static final String TARGET = "p50 ≤ 10 ms";
  private static final String TITLE = "wake, 2 000 events";
  private static final int SESSIONS = 20;

  /** A plain turn leaves at least two events. */
  private static final int TURNS = 1_000;

  @Override
  public String name() {
    return "wake";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.node().isEmpty() || setting.passivation().isEmpty()) {
      var why = setting.node().isEmpty() ? "no node" : "the node's passivation time was not given";
      return List.of(Measurement.missing(TITLE, TARGET, why));
    }
    return List.of(
        new Measurement(
            TITLE,
            TARGET,
            figures(setting.node().get(), setting, setting.passivation().get()),
            Map.of(),
            ""));
  }

  private static Map<String, Double> figures(Subject node, Setting setting, Duration passivation)
      throws IOException, InterruptedException {
    var users = IntStream.range(0, SESSIONS).mapToObj(_ -> Turns.newUser()).toList();
    var turns = setting.scaled(TURNS);
    var past =
        Load.on(node, users.stream().map(user -> turns(node, user, turns)).toList(), Duration.ZERO);
    Thread.sleep(passivation.plusSeconds(5));
    var asleep = oneByOne(node, users);
    var awake = oneByOne(node, users);
    var figures = new LinkedHashMap<>(past.figures((long) turns * users.size()));
    figures.put("turns before", past.calls().size() / (double) users.size());
    figures.put("p50 ms", asleep.milliseconds().median());
    figures.put("max ms", asleep.milliseconds().at(1));
    figures.put("awake p50 ms", awake.milliseconds().median());
    return figures;
  }

  private static Load oneByOne(Subject node, List<String> users) throws IOException {
    return Load.on(
        node,
        List.of(users.stream().map(user -> Turns.turn(node.endpoint(), user)).iterator()),
        Duration.ZERO);
  }

  private static Iterator<Call> turns(Subject node, String user, int turns) {
    return IntStream.range(0, turns).mapToObj(_ -> Turns.turn(node.endpoint(), user)).iterator();
  }
}
