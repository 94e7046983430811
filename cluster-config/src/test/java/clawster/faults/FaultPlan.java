package clawster.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What goes wrong and when, made of a seed: the same seed makes the same plan. */
final class FaultPlan {

  /** Something that is done to the cluster at a time after the load began. */
  record Step(Duration at, String what, Consumer<Cluster> action) {}

  private final String row;
  private final long seed;
  private final Duration length;
  private final Random random;
  private final List<Step> steps = new ArrayList<>();

  private FaultPlan(String row, long seed, Duration length) {
    this.row = row;
    this.seed = seed;
    this.length = length;
    this.random = new Random(seed ^ row.hashCode());
  }

  static FaultPlan of(String row) {
    return of(row, Given.seed(), Given.length());
  }

  static FaultPlan of(String row, long seed, Duration length) {
    return new FaultPlan(row, seed, length);
  }

  /** So often, at times between the first fifth and the last. */
  FaultPlan times(int count, String what, Consumer<Cluster> action) {
    for (int i = 0; i < count; i++) {
      at(somewhere(), what, action);
    }
    return this;
  }

  FaultPlan every(Duration period, String what, Consumer<Cluster> action) {
    for (var at = period; at.compareTo(length) < 0; at = at.plus(period)) {
      at(at, what, action);
    }
    return this;
  }

  /** Begins in the first two fifths, and ends. */
  FaultPlan lasting(
      Duration time, String what, Consumer<Cluster> begin, Consumer<Cluster> afterwards) {
    var at = length.dividedBy(5).plusMillis(random.nextLong(length.toMillis() / 5));
    return at(at, what, begin).at(at.plus(time), "end of: " + what, afterwards);
  }

  FaultPlan at(Duration at, String what, Consumer<Cluster> action) {
    steps.add(new Step(at, what, action));
    return this;
  }

  private Duration somewhere() {
    long fifth = length.toMillis() / 5;
    return Duration.ofMillis(fifth + random.nextLong(3 * fifth));
  }

  /** For choices that belong to the plan. */
  Random random() {
    return random;
  }

  String row() {
    return row;
  }

  long seed() {
    return seed;
  }

  Duration length() {
    return length;
  }

  List<Step> steps() {
    return steps.stream().sorted(Comparator.comparing(Step::at)).toList();
  }

  @Override
  public String toString() {
    return "%s -Dseed=%d -Dseconds=%d: %s"
        .formatted(
            row,
            seed,
            length.toSeconds(),
            steps().stream()
                .map(step -> step.at().toMillis() + " ms " + step.what())
                .collect(Collectors.joining(", ")));
  }
}
