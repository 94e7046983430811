package clawster.runtime.runs;

import java.util.UUID;

/**
 * Where a run stands among those of its session: places rise in the order in which the runs' logs
 * begin, and are taken by the session's owner alone. Kept with the first entry of the log, so
 * whoever sees a run sees every run before it.
 *
 * @param number rises with each run, with gaps; at least {@value #PER_REVISION}
 */
public record RunPlace(UUID session, long number) {

  /** How many logs may begin behind one event: a claim begins those of all open runs. */
  public static final int PER_REVISION = 64;

  /**
   * @param revision journal sequence of the session's newest event, or of the one to come
   * @param nth among the logs that begin behind that event, from 0
   */
  public static RunPlace of(UUID session, long revision, int nth) {
    if (nth < 0 || nth >= PER_REVISION) {
      throw new IllegalArgumentException(nth + " logs begin behind one event");
    }
    return new RunPlace(session, revision * PER_REVISION + nth);
  }
}
