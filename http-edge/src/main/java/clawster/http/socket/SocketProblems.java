package clawster.http.socket;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;

/** Why a WebSocket, or a frame of one, is refused. */
final class SocketProblems {

  /** A request that does not ask for one. */
  static final Problem NO_UPGRADE = Problem.of(Kind.UPGRADE_REQUIRED, "socket.no_upgrade");

  static final Problem TYPE = Problem.of(Kind.INVALID, "socket.type");
  static final Problem ID = Problem.of(Kind.INVALID, "socket.id");
  static final Problem METHOD = Problem.of(Kind.INVALID, "socket.method");
  static final Problem TEXT = Problem.of(Kind.INVALID, "socket.text");
  static final Problem UNFINISHED = Problem.of(Kind.TIMEOUT, "socket.unfinished");

  /** Before {@code connect} nothing is answered. */
  static final Problem CONNECT_FIRST = Problem.of(Kind.UNAUTHENTICATED, "socket.connect_first");

  static final Problem CONNECTED = Problem.of(Kind.INVALID, "socket.connected");

  private static final Problem TOO_LARGE = Problem.of(Kind.TOO_LARGE, "socket.too_large");
  private static final Problem UNKNOWN = Problem.of(Kind.INVALID, "socket.unknown_method");

  private SocketProblems() {}

  /**
   * @param most bytes
   */
  static Problem tooLarge(int most) {
    return TOO_LARGE.with("limit", String.valueOf(most));
  }

  static Problem unknown(String method) {
    return UNKNOWN.with("method", method);
  }
}
