package clawster.cluster;

import java.time.Duration;

/**
 * Whether this node knows itself to be a member. A node that was stopped for a while, or cannot
 * reach the database, may have been removed without having heard of it: until it knows, it must not
 * speak for sessions that others may own by now.
 */
public final class Standing {

  /** By the clock that goes on while a process is stopped. */
  private volatile long sureUntil = System.nanoTime();

  private volatile boolean denied;

  private final Duration sureFor;

  /**
   * @param sureFor how long after it was a member it may take itself for one: no more than the
   *     others need to miss it and to decide on it
   */
  public Standing(Duration sureFor) {
    this.sureFor = sureFor;
  }

  /** As of {@code at}, by {@link System#nanoTime}, this node was a member. */
  void confirm(long at) {
    sureUntil = at + sureFor.toNanos();
  }

  /** It is none any more, and never will be again. */
  void deny() {
    denied = true;
  }

  public boolean isSure() {
    return !denied && System.nanoTime() - sureUntil < 0;
  }
}
