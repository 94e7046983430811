package clawster.cluster;

import java.time.Duration;

/**
 * Whether this node knows itself to be a member. A node that was stopped for a while, or cannot
 * reach the database, may have been removed without having heard of it: until it knows, it must not
 * speak for sessions that others may own by now.
 */
public final class Standing {

  /** No take-over is quicker than this while the node that is taken over has its connections. */
  private static final Duration SURE_FOR = Duration.ofSeconds(2);

  /** By the clock that goes on while a process is stopped. */
  private volatile long sureUntil = System.nanoTime();

  /** As of {@code at}, by {@link System#nanoTime}, this node was a member. */
  void confirm(long at) {
    sureUntil = at + SURE_FOR.toNanos();
  }

  /** It is none any more. */
  void deny() {
    sureUntil = System.nanoTime();
  }

  public boolean isSure() {
    return System.nanoTime() - sureUntil < 0;
  }
}
