package clawster.http.kernel;

import java.net.InetAddress;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Where a request comes from: the one place that says so. Whoever is at the other end, for now. */
final class PeerAddress {

  private PeerAddress() {}

  /** Empty only where there was no connection. */
  static Optional<String> of(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress())
        .flatMap(address -> address.getAddress())
        .map(InetAddress::getHostAddress);
  }
}
