package clawster.runtime.kernel;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Why something was refused: a value, not an exception.
 *
 * @param kind what a caller can do about it; each edge has one switch from kind to its own status
 * @param code stable and dotted, {@code session.not_found}; sentences are looked up by it
 * @param facts what a sentence may mention, by placeholder name
 * @param retryAfter when to come back; zero if that is not the point
 */
public record Problem(Kind kind, String code, Map<String, String> facts, Duration retryAfter) {

  public enum Kind {
    INVALID,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TIMEOUT,
    CONFLICT,
    GONE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    UPGRADE_REQUIRED,
    MISDIRECTED,
    BUSY,
    UNAVAILABLE,
    UPSTREAM,
    INTERNAL
  }

  public Problem {
    facts = Map.copyOf(facts);
  }

  public static Problem of(Kind kind, String code) {
    return new Problem(kind, code, Map.of(), Duration.ZERO);
  }

  public Problem with(String fact, String value) {
    var more = new HashMap<>(facts);
    more.put(fact, value);
    return new Problem(kind, code, more, retryAfter);
  }

  /** With that of a value; sentences say it where they have the place {@code flaw}. */
  public Problem with(Flaw flaw) {
    var more = new HashMap<>(facts);
    more.putAll(flaw.facts());
    more.put("flaw", flaw.code());
    return new Problem(kind, code, more, retryAfter);
  }

  public Problem retryAfter(Duration wait) {
    return new Problem(kind, code, facts, wait);
  }
}
