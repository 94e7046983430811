package clawster.cluster;

import java.time.Duration;

/**
 * Whether this node knows itself to be a member. A node that was stopped for a while, or cannot
 * reach the database, may have been removed without having heard of it: until it knows, it must not
 * speak for sessions that others may own by now.
 */
public final class Standing {

  /**
   * No take-over is quicker than this while the node that is taken over has its connections: with
   * the timings {@code fast} others miss it for 0.8 s, and wait 0.7 s before they decide.
   */
  static final Duration SURE_FOR = Duration.ofMillis(1_500);

  /** By the clock that goes on while a process is stopped. */
  private volatile long sureUntil = System.nanoTime();

  private volatile boolean denied;

  /** As of {@code at}, by {@link System#nanoTime}, this node was a member. */
  void confirm(long at) {
    sureUntil = at + SURE_FOR.toNanos();
  }

  /** It is none any more, and never will be again. */
  void deny() {
    denied = true;
  }

  public boolean isSure() {
    return !denied && System.nanoTime() - sureUntil < 0;
  }
}
