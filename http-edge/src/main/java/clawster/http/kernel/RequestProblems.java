package clawster.http.kernel;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;

/** What can be wrong with a request, whatever it asks for. */
public final class RequestProblems {

  private RequestProblems() {}

  static final Problem CROSS_SITE = Problem.of(Kind.FORBIDDEN, "request.cross_site");
  static final Problem MEDIA_TYPE = Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "request.media_type");
  static final Problem BODY = Problem.of(Kind.INVALID, "request.body");
  static final Problem BUSY =
      Problem.of(Kind.BUSY, "request.busy").retryAfter(Duration.ofSeconds(2));
  static final Problem UNAVAILABLE =
      Problem.of(Kind.UNAVAILABLE, "request.unavailable").retryAfter(Duration.ofSeconds(2));

  /** Another node may own by now what this one would speak for. */
  public static final Problem NOT_A_MEMBER =
      Problem.of(Kind.UNAVAILABLE, "request.not_a_member").retryAfter(Duration.ofSeconds(2));

  /** This node is about to go; the others serve. */
  public static final Problem LEAVING =
      Problem.of(Kind.UNAVAILABLE, "request.leaving").retryAfter(Duration.ofSeconds(1));

  static final Problem SLOW = Problem.of(Kind.TIMEOUT, "request.slow");

  public static Problem notFound(String path) {
    return Problem.of(Kind.NOT_FOUND, "request.not_found").with("path", path);
  }

  static Problem methodNotAllowed(String method) {
    return Problem.of(Kind.METHOD_NOT_ALLOWED, "request.method_not_allowed").with("method", method);
  }

  static Problem host(String host) {
    return Problem.of(Kind.MISDIRECTED, "request.host").with("host", host);
  }

  static Problem origin(String origin) {
    return Problem.of(Kind.FORBIDDEN, "request.origin").with("origin", origin);
  }

  static Problem tooLarge(long limit) {
    return Problem.of(Kind.TOO_LARGE, "request.too_large").with("limit", String.valueOf(limit));
  }

  static Problem json(String detail) {
    return Problem.of(Kind.INVALID, "request.json").with("detail", detail);
  }

  static Problem malformed(String detail) {
    return Problem.of(Kind.INVALID, "request.malformed").with("detail", detail);
  }

  static Problem fault(String requestId) {
    return Problem.of(Kind.INTERNAL, "request.fault").with("id", requestId);
  }

  /** A field that is missing, of the wrong type or out of range. */
  public static Problem field(String name, String detail) {
    return Problem.of(Kind.INVALID, "request.field").with("param", name).with("detail", detail);
  }
}
