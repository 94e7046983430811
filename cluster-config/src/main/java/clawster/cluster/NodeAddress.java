package clawster.cluster;

import clawster.persistence.members.MemberId;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/** Where a node is reached by other nodes, written {@code host:port}. */
public record NodeAddress(String host, int port) {

  public NodeAddress {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException(host + ":" + port);
    }
  }

  /**
   * @throws IllegalArgumentException if it is not of that form
   */
  public static NodeAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(text);
    }
    var host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new NodeAddress(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  static NodeAddress of(Address address) {
    return new NodeAddress(address.host().get(), (Integer) address.port().get());
  }

  /** As the table of members has it. */
  static MemberId id(UniqueAddress node) {
    return new MemberId(of(node.address()).toString(), node.longUid());
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
