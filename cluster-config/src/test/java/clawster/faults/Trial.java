package clawster.faults;

import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.ToolOutcome;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plan carried out on a cluster under load, and what came of it: everything is healed, everybody
 * comes to an end, and what was told is compared with what is stored.
 */
record Trial(
    FaultPlan plan, Course course, List<Op> ops, Stored stored, List<Heard> heard, int restarts) {

  private static final Duration QUIET_WITHIN = Duration.ofSeconds(75);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Who is not served so long after the last fault is not served any more. */
  private static final Duration SERVED_WITHIN = Duration.ofSeconds(40);

  static Trial run(Cluster cluster, FaultPlan plan) {
    return run(cluster, plan, Given.sessions());
  }

  static Trial run(Cluster cluster, FaultPlan plan, int sessions) {
    System.out.println(plan);
    long began = System.nanoTime();
    var load = new Load(cluster::edges, plan.seed(), PAUSE).start(sessions);
    try {
      for (var step : plan.steps()) {
        parkUntil(began, step.at());
        step.action().accept(cluster);
      }
      parkUntil(began, plan.length());
    } finally {
      cluster.heal();
    }
    long over = System.nanoTime();
    load.awaitServed(over, SERVED_WITHIN);
    var course = new Course(began, over, System.nanoTime());
    var ops = load.stop();
    var stored = settled(cluster);
    var trial = new Trial(plan, course, ops, stored, load.heard(stored), cluster.restarts());
    System.out.println(trial);
    return trial;
  }

  /** What was sent by hand, once everything has come to its end. */
  static Trial of(String row, Cluster cluster, List<Op> ops) {
    var trial =
        new Trial(
            FaultPlan.of(row),
            Course.of(ops),
            ops,
            settled(cluster),
            List.of(),
            cluster.restarts());
    System.out.println(trial);
    return trial;
  }

  /** What was sent beside the load counts as well. */
  Trial and(List<Op> others) {
    var all = new ArrayList<>(ops);
    all.addAll(others);
    return new Trial(plan, course, all, stored, heard, restarts);
  }

  private static void parkUntil(long began, Duration at) {
    Load.park(at.minusNanos(System.nanoTime() - began));
  }

  /** Once nothing is going on any more; as it is, if that does not come. */
  static Stored settled(Cluster cluster) {
    long end = System.nanoTime() + QUIET_WITHIN.toNanos();
    while (true) {
      boolean last = System.nanoTime() > end;
      try {
        cluster.nodes().forEach(RigNode::awaitUp);
        var stored = StoredReader.read(cluster);
        if (last || Runs.allEnded(stored)) {
          return stored;
        }
      } catch (UncheckedIOException e) {
        if (last) {
          throw e;
        }
      }
      Load.park(Duration.ofMillis(500));
    }
  }

  List<Defect> defects() {
    return Checker.check(ops, stored, heard);
  }

  /** The promises hold; says how to see it again if not. */
  Trial mustBeClean() {
    var defects = defects();
    if (!defects.isEmpty()) {
      throw new AssertionError(
          defects.size()
              + " defects in "
              + plan
              + "\n"
              + String.join("\n", defects.stream().limit(20).map(Defect::toString).toList()));
    }
    return this;
  }

  /** The checker has seen something; otherwise this row proves nothing. */
  Trial mustFind(Defect.Kind kind) {
    if (defects().stream().noneMatch(defect -> defect.kind() == kind)) {
      throw new AssertionError(
          "%s should have been found; these were: %s".formatted(kind, defects()));
    }
    return this;
  }

  /** There was load at all: so many messages at least were acknowledged. */
  Trial mustAcknowledge(int least) {
    if (acknowledged() < least) {
      throw new AssertionError(this + " should have acknowledged " + least);
    }
    return this;
  }

  /** After the last fault so many sessions were served again. */
  Trial mustServeAfterwards(int sessions) {
    if (servedAfterwards().size() < sessions) {
      throw new AssertionError(this + " should have served " + sessions + " sessions afterwards");
    }
    return this;
  }

  private Set<String> servedAfterwards() {
    return ops.stream()
        .filter(course::isServedAfterwards)
        .map(Op::session)
        .collect(Collectors.toSet());
  }

  /** Who was not served was soon told when to come again; nobody was left without an answer. */
  Trial mustPutOffWithin(Duration bound) {
    var rude = ops.stream().filter(op -> !op.isAcknowledged() && !op.reply().putsOff()).toList();
    if (!rude.isEmpty()) {
      throw new AssertionError(
          "%s should have said 503 or 429 with Retry-After: %d times it did not, such as %s"
              .formatted(this, rude.size(), rude.getFirst()));
    }
    if (longestPutOff().compareTo(bound) > 0) {
      throw new AssertionError(this + " should have put off within " + bound);
    }
    return this;
  }

  /** How long somebody waited to be told to come again. */
  private Duration longestPutOff() {
    return longest(ops.stream().filter(op -> !op.isAcknowledged()));
  }

  /** So many at least were put off: there was a time in which nobody could be served. */
  Trial mustPutOff(int least) {
    long putOff = ops.stream().filter(op -> op.reply().isUnavailable()).count();
    if (putOff < least) {
      throw new AssertionError(this + " should have put off " + least + " and did " + putOff);
    }
    return this;
  }

  /** No node ended, by itself or otherwise. */
  Trial mustNotRestart() {
    if (restarts != 0) {
      throw new AssertionError(this + " should not have restarted a node");
    }
    return this;
  }

  /** Nobody waited longer. */
  Trial mustAnswerWithin(Duration bound) {
    if (longest().compareTo(bound) > 0) {
      throw new AssertionError(this + " should have answered within " + bound);
    }
    return this;
  }

  long acknowledged() {
    return count(Op.Result.ACKNOWLEDGED);
  }

  private Map<Integer, Long> replies() {
    return ops.stream()
        .collect(
            Collectors.groupingBy(op -> op.reply().status(), TreeMap::new, Collectors.counting()));
  }

  private long count(Op.Result result) {
    return ops.stream().filter(op -> op.result() == result).count();
  }

  Duration longest() {
    return longest(ops.stream());
  }

  private static Duration longest(Stream<Op> ops) {
    return Duration.ofNanos(ops.mapToLong(op -> op.ended() - op.began()).max().orElse(0));
  }

  Duration longestSilence() {
    return course.longestSilence(ops);
  }

  /** There was never a longer time in which nothing was acknowledged, to the end of the load. */
  Trial mustBeBackWithin(Duration bound) {
    if (longestSilence().compareTo(bound) > 0) {
      throw new AssertionError(this + " should have been back within " + bound);
    }
    return this;
  }

  /** How tool calls ended, by the history. */
  List<ToolOutcome> outcomes() {
    return stored.journals().values().stream()
        .flatMap(List::stream)
        .filter(row -> row.event() instanceof SessionEvent.ToolSettled)
        .map(row -> ((SessionEvent.ToolSettled) row.event()).outcome())
        .toList();
  }

  @Override
  public String toString() {
    return "%s seed %d: %d acknowledged, %d refused, %d unknown, longest %d ms (put off %d ms), silence %d ms, %d sessions served afterwards, replies %s, %d effects, %d restarts, %d heard events"
        .formatted(
            plan.row(),
            plan.seed(),
            acknowledged(),
            count(Op.Result.REFUSED),
            count(Op.Result.UNKNOWN),
            longest().toMillis(),
            longestPutOff().toMillis(),
            longestSilence().toMillis(),
            servedAfterwards().size(),
            replies(),
            stored.effects().size(),
            restarts,
            heard.stream().mapToInt(h -> h.events().size()).sum());
  }
}
