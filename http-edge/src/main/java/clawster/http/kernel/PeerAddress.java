package clawster.http.kernel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Where a request comes from: the one place that says so. Whoever is at the other end, for now. */
final class PeerAddress {

  private static final int NETWORK_BYTES = 8;

  private PeerAddress() {}

  /** Empty only where there was no connection. */
  static Optional<String> of(HttpRequest request) {
    return address(request).map(InetAddress::getHostAddress);
  }

  private static Optional<InetAddress> address(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(address -> address.getAddress());
  }

  /** What one caller has all of: an address, or the network of 64 bits that IPv6 gives a host. */
  static String network(HttpRequest request) {
    return address(request)
        .map(
            address ->
                address instanceof Inet6Address
                    ? HexFormat.of()
                            .formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                            .replaceAll("(.{4})", "$1:")
                        + ":/64"
                    : address.getHostAddress())
        .orElse("unknown");
  }
}
