package clawster.runtime.sessions;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** Why a session refuses. */
public final class SessionProblems {

  public static final Problem NOT_FOUND = Problem.of(Kind.NOT_FOUND, "session.not_found");
  public static final Problem BUSY = Problem.of(Kind.CONFLICT, "session.busy");
  public static final Problem QUEUE_FULL =
      Problem.of(Kind.BUSY, "session.queue_full").retryAfter(Duration.ofSeconds(5));
  public static final Problem NODE_BUSY =
      Problem.of(Kind.BUSY, "session.node_busy").retryAfter(Duration.ofSeconds(5));
  public static final Problem OTHER_AGENT = Problem.of(Kind.CONFLICT, "session.other_agent");
  public static final Problem UNAVAILABLE =
      Problem.of(Kind.UNAVAILABLE, "session.unavailable").retryAfter(Duration.ofSeconds(2));

  /** Until somebody mends what is stored of it. */
  public static final Problem UNREADABLE = Problem.of(Kind.INTERNAL, "session.unreadable");

  /** A bug; it would be the same again. */
  public static final Problem FAULT = Problem.of(Kind.INTERNAL, "session.fault");

  /** For the test that every code has a sentence. */
  public static final List<Problem> ALL =
      List.of(NOT_FOUND, BUSY, QUEUE_FULL, NODE_BUSY, OTHER_AGENT, UNAVAILABLE, UNREADABLE, FAULT);

  private SessionProblems() {}
}
