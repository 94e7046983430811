package clawster.http.socket;

import clawster.runtime.kernel.Problem;

/** GoClaw's words for why something is refused. */
enum WireCode {
  INVALID_REQUEST,
  UNAUTHORIZED,
  NOT_FOUND,
  FAILED_PRECONDITION,
  RESOURCE_EXHAUSTED,
  AGENT_TIMEOUT,
  UNAVAILABLE,
  INTERNAL;

  static WireCode of(Problem.Kind kind) {
    return switch (kind) {
      case INVALID,
          METHOD_NOT_ALLOWED,
          TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          UPGRADE_REQUIRED,
          MISDIRECTED ->
          INVALID_REQUEST;
      // GoClaw has one word for who is not known and who may not.
      case UNAUTHENTICATED, FORBIDDEN -> UNAUTHORIZED;
      case NOT_FOUND, GONE -> NOT_FOUND;
      case CONFLICT -> FAILED_PRECONDITION;
      case BUSY -> RESOURCE_EXHAUSTED;
      case TIMEOUT -> AGENT_TIMEOUT;
      case UPSTREAM, UNAVAILABLE -> UNAVAILABLE;
      case INTERNAL -> INTERNAL;
    };
  }
}
