package clawster.cluster;

import clawster.persistence.members.Member;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether anybody is at home where a member listens for other nodes. */
final class Doorbell {

  private static final int PATIENCE_MILLIS = 300;

  private Doorbell() {}

  /**
   * True only if the member's host answers and nothing listens there: a host that does not answer,
   * or a network that does not, proves nothing.
   */
  static boolean isGone(Member member) {
    try (var socket = new Socket()) {
      var address = NodeAddress.parse(member.address());
      socket.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
      return false;
    } catch (ConnectException e) {
      return "Connection refused".equals(e.getMessage());
    } catch (IOException e) {
      return false;
    }
  }
}
