package clawster.faults;

import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.ToolOutcome;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * A plan carried out on a cluster under load, and what came of it: everything is healed, everybody
 * comes to an end, and what was told is compared with what is stored.
 */
record Trial(FaultPlan plan, List<Op> ops, Stored stored, List<Heard> heard, int restarts) {

  private static final Duration QUIET_WITHIN = Duration.ofSeconds(75);
  private static final Duration PAUSE = Duration.ofSeconds(1);

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
    var ops = load.stop();
    var stored = settled(cluster);
    var trial = new Trial(plan, ops, stored, load.heard(stored), cluster.restarts());
    System.out.println(trial);
    return trial;
  }

  /** What was sent by hand, once everything has come to its end. */
  static Trial of(String row, Cluster cluster, List<Op> ops) {
    var trial = new Trial(FaultPlan.of(row), ops, settled(cluster), List.of(), cluster.restarts());
    System.out.println(trial);
    return trial;
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

  private long count(Op.Result result) {
    return ops.stream().filter(op -> op.result() == result).count();
  }

  Duration longest() {
    return Duration.ofNanos(ops.stream().mapToLong(op -> op.ended() - op.began()).max().orElse(0));
  }

  /** The longest time in which nothing was acknowledged, although somebody asked. */
  Duration longestSilence() {
    var ends = ops.stream().filter(Op::isAcknowledged).mapToLong(Op::ended).sorted().toArray();
    long longest = 0;
    for (int i = 1; i < ends.length; i++) {
      longest = Math.max(longest, ends[i] - ends[i - 1]);
    }
    return Duration.ofNanos(longest);
  }

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
    return "%s seed %d: %d acknowledged, %d refused, %d unknown, longest %d ms, silence %d ms, %d effects, %d restarts, %d heard events"
        .formatted(
            plan.row(),
            plan.seed(),
            acknowledged(),
            count(Op.Result.REFUSED),
            count(Op.Result.UNKNOWN),
            longest().toMillis(),
            longestSilence().toMillis(),
            stored.effects().size(),
            restarts,
            heard.stream().mapToInt(h -> h.events().size()).sum());
  }
}
