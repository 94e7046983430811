package clawster.runtime.limits;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Where a request comes from, as limits count it. Of an IPv6 address the first 64 bits count: who
 * has one has all with the same beginning.
 *
 * @param key what is counted under
 * @param local whether it comes from this machine, which only the connection itself can say
 */
public record ClientAddress(String key, boolean local) {

  /** All of loopback. */
  public static final ClientAddress LOCAL = new ClientAddress("loopback", true);

  /** Nobody said; they share what one address has. */
  public static final ClientAddress UNKNOWN = new ClientAddress("unknown", false);

  /** Of whoever is at the other end of a connection. */
  public static ClientAddress of(InetAddress peer) {
    return peer.isLoopbackAddress() ? LOCAL : forwarded(peer);
  }

  /** Of whoever a proxy speaks for. That one is never on this machine, whatever the proxy says. */
  public static ClientAddress forwarded(InetAddress named) {
    return new ClientAddress(
        named instanceof Inet6Address v6 ? network(v6.getAddress()) : named.getHostAddress(),
        false);
  }

  private static String network(byte[] address) {
    var text = new StringBuilder();
    for (int i = 0; i < 8; i += 2) {
      text.append(Integer.toHexString((address[i] & 0xFF) << 8 | address[i + 1] & 0xFF))
          .append(':');
    }
    return text.append(":/64").toString();
  }
}
