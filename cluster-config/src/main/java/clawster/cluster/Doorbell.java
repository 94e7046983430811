package clawster.cluster;

import clawster.persistence.members.Member;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether anybody is at home where a member listens for other nodes. */
final class Doorbell {

  private static final int PATIENCE_MILLIS = 300;

  /** What can be told from ringing once. */
  enum Answer {
    /** Somebody listens there. */
    HOME,
    /** The host answers, and nobody listens there. */
    GONE,
    /** The host or the network does not answer, which proves nothing. */
    UNKNOWN
  }

  private Doorbell() {}

  /**
   * Blocks: to connect for 300 ms at most, to find the host by its name for as long as it takes.
   */
  static Answer ring(Member member) {
    try (var socket = new Socket()) {
      var address = NodeAddress.parse(member.address());
      socket.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
      return Answer.HOME;
    } catch (IOException e) {
      return told(e);
    }
  }

  /**
   * By the type alone, as the message is in the host's language. A host that is not found, not
   * reached or silent is told by other types; the system's own timeout has the same one, but is far
   * longer than ours.
   */
  static Answer told(IOException failure) {
    return failure instanceof ConnectException ? Answer.GONE : Answer.UNKNOWN;
  }
}
