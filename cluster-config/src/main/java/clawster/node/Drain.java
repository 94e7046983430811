package clawster.node;

import clawster.cluster.Membership;
import clawster.http.kernel.Departure;
import clawster.runtime.nodes.NodeReport.Leaving;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.sessions.Sessions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node goes while others stay. What is quiet goes to them at once, runs may end here for a
 * while and go then, and answers that have an end are brought to it through this node even when
 * their sessions have gone.
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** How long runs may go on here. */
  private static final Duration RUNS = Duration.ofSeconds(15);

  /** How long answers may go on through here. */
  static final Duration ANSWERS = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Membership membership;
  private final Nodes nodes;
  private final Sessions sessions;
  private final Departure departure;

  Drain(Membership membership, Nodes nodes, Sessions sessions, Departure departure) {
    this.membership = membership;
    this.nodes = nodes;
    this.sessions = sessions;
    this.departure = departure;
  }

  /**
   * Blocks until nothing depends on this node any more, or for half a minute; the others have been
   * told that it goes.
   */
  void run() {
    departure.begin();
    if (!membership.othersServe()) {
      return;
    }
    LOG.info("Draining");
    long began = System.nanoTime();
    nodes.leave(Leaving.QUIETLY);
    boolean late = false;
    while (System.nanoTime() - began < ANSWERS.toNanos()
        && !isDone()
        && membership.othersServe()
        && membership.standing().isSure()) {
      if (!late && System.nanoTime() - began > RUNS.toNanos()) {
        late = true;
        nodes.leave(Leaving.NOW);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    LOG.info(
        "Drained in {} ms; {} answers are cut off",
        (System.nanoTime() - began) / 1_000_000,
        departure.open());
  }

  private boolean isDone() {
    return departure.open() == 0 && sessions.shardsHere().toCompletableFuture().join() == 0;
  }
}
