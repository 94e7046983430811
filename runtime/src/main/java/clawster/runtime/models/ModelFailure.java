package clawster.runtime.models;

import java.time.Duration;
import java.util.Optional;

/**
 * An upstream that did not answer, or not to the end. It travels as the failure of a stream, which
 * is why it is an exception; whoever runs the stream turns it into an event.
 */
public final class ModelFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, by what a caller can do about it. */
  public enum Kind {
    /** 429 or 529 for longer than we retry. */
    OVERLOADED,
    /** Connection refused, 5xx, or anything else that passes. */
    UNAVAILABLE,
    /** The key was refused. */
    UNAUTHORIZED,
    /** The upstream refused the request itself (400, 404, 413, 422). */
    REFUSED,
    /** A deadline passed: first token, idle or total. */
    TIMEOUT,
    /** The stream broke after some of the answer had come. */
    INTERRUPTED,
    /** What came is not the protocol: bad JSON, an endless line. */
    MALFORMED
  }

  private final Kind kind;
  private final Duration retryAfter;

  public ModelFailure(Kind kind, String message) {
    this(kind, message, Duration.ZERO);
  }

  public ModelFailure(Kind kind, String message, Duration retryAfter) {
    super(message, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public Kind kind() {
    return kind;
  }

  /** What the upstream asked us to wait, where it did. */
  public Optional<Duration> retryAfter() {
    return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
  }
}
