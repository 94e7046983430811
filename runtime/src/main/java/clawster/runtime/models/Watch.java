package clawster.runtime.models;

import clawster.runtime.models.ModelFailure.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * Which deadline passes next. It is told the time and never looks; one timer that comes back when
 * the nearest deadline might have passed is enough, so a token costs no timer.
 */
final class Watch {

  /** A timer that comes a moment early must not come again at once. */
  private static final long SHORTEST_NANOS = 1_000_000;

  private final Deadlines deadlines;
  private final long started;
  private long lastSign;
  private boolean begun;

  Watch(Deadlines deadlines, long now) {
    this.deadlines = deadlines;
    this.started = now;
    this.lastSign = now;
  }

  /** The first piece of the answer came. */
  void begun(long now) {
    begun = true;
    lastSign = now;
  }

  /** Something of the answer came. */
  void progressed(long now) {
    lastSign = now;
  }

  /**
   * Somebody began to wait for the next piece; the time nobody waited is not the upstream's fault.
   */
  void waiting(long now) {
    lastSign = now;
  }

  Duration elapsed(long now) {
    return Duration.ofNanos(now - started);
  }

  /**
   * When to look again.
   *
   * @param wanted whether somebody is waiting for the next piece; if not, silence begins later than
   *     now
   */
  Duration untilNext(long now, boolean wanted) {
    var total = deadlines.total().toNanos() - (now - started);
    var silence = wanted ? now - lastSign : 0;
    var next =
        begun
            ? deadlines.idle().toNanos() - silence
            : deadlines.firstToken().toNanos() - (now - started);
    return Duration.ofNanos(Math.max(SHORTEST_NANOS, Math.min(total, next)));
  }

  /**
   * What passed. An answer that fell silent midway may be gone on with like one that broke off.
   *
   * @param wanted whether somebody is waiting for the next piece
   */
  Optional<ModelFailure> passed(long now, boolean wanted) {
    if (now - started >= deadlines.total().toNanos()) {
      return passed(Kind.TIMEOUT, "the model's answer took longer than ", deadlines.total());
    }
    if (!begun && now - started >= deadlines.firstToken().toNanos()) {
      return passed(Kind.TIMEOUT, "the model said nothing for ", deadlines.firstToken());
    }
    if (begun && wanted && now - lastSign >= deadlines.idle().toNanos()) {
      return passed(Kind.INTERRUPTED, "the model fell silent for ", deadlines.idle());
    }
    return Optional.empty();
  }

  private static Optional<ModelFailure> passed(Kind kind, String what, Duration deadline) {
    return Optional.of(new ModelFailure(kind, what + seconds(deadline)));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1_000.0 + " s";
  }
}
