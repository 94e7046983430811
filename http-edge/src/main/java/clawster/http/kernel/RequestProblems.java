package clawster.http.kernel;

import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** What can be wrong with a request, whatever it asks for. */
public final class RequestProblems {

  private RequestProblems() {}

  static final Problem CROSS_SITE = Problem.of(Kind.FORBIDDEN, "request.cross_site");
  static final Problem MEDIA_TYPE = Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "request.media_type");
  static final Problem BODY = Problem.of(Kind.INVALID, "request.body");
  static final Problem BUSY =
      Problem.of(Kind.BUSY, "request.busy").retryAfter(Duration.ofSeconds(2));

  /** Whoever administers the gateway does not want this dialect to be spoken. */
  public static final Problem SWITCHED_OFF = Problem.of(Kind.NOT_FOUND, "request.switched_off");

  public static final Problem UNAVAILABLE =
      Problem.of(Kind.UNAVAILABLE, "request.unavailable").retryAfter(Duration.ofSeconds(2));

  /** Another node may own by now what this one would speak for. */
  public static final Problem NOT_A_MEMBER =
      Problem.of(Kind.UNAVAILABLE, "request.not_a_member").retryAfter(Duration.ofSeconds(2));

  /** This node is about to go; the others serve. */
  public static final Problem LEAVING =
      Problem.of(Kind.UNAVAILABLE, "request.leaving").retryAfter(Duration.ofSeconds(1));

  static final Problem SLOW = Problem.of(Kind.TIMEOUT, "request.slow");

  // Those below name no facts yet: what an operation may refuse with, before it does.

  /** A field that is missing, of the wrong type or out of range. */
  public static final Problem FIELD = Problem.of(Kind.INVALID, "request.field");

  public static final Problem NOT_FOUND = Problem.of(Kind.NOT_FOUND, "request.not_found");

  private static final Problem HOST = Problem.of(Kind.MISDIRECTED, "request.host");
  private static final Problem ORIGIN = Problem.of(Kind.FORBIDDEN, "request.origin");
  private static final Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "request.too_large");
  private static final Problem JSON = Problem.of(Kind.INVALID, "request.json");
  private static final Problem FAULT = Problem.of(Kind.INTERNAL, "request.fault");

  /** Of every operation. */
  static final List<Problem> OF_ALL = List.of(HOST, ORIGIN, CROSS_SITE, FAULT);

  /** Of every one that this node serves as a member of its cluster, from the database. */
  static final List<Problem> OF_MEMBERS = List.of(NOT_A_MEMBER, LEAVING, UNAVAILABLE, SWITCHED_OFF);

  /** Of every one that reads a body. */
  static final List<Problem> OF_BODIES =
      List.of(FIELD, JSON, BODY, SLOW, TOO_LARGE, MEDIA_TYPE, BUSY);

  public static Problem notFound(String path) {
    return NOT_FOUND.with("path", path);
  }

  static Problem methodNotAllowed(String method) {
    return Problem.of(Kind.METHOD_NOT_ALLOWED, "request.method_not_allowed").with("method", method);
  }

  static Problem host(String host) {
    return HOST.with("host", host);
  }

  static Problem origin(String origin) {
    return ORIGIN.with("origin", origin);
  }

  static Problem tooLarge(long limit) {
    return TOO_LARGE.with("limit", String.valueOf(limit));
  }

  static Problem json(Flaw flaw) {
    return JSON.with(flaw);
  }

  static Problem malformed(String detail) {
    return Problem.of(Kind.INVALID, "request.malformed").with("detail", detail);
  }

  static Problem fault(String requestId) {
    return FAULT.with("id", requestId);
  }

  public static Problem field(String name, Flaw flaw) {
    return FIELD.with("param", name).with(flaw);
  }
}
