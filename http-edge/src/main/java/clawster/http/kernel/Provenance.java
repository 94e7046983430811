package clawster.http.kernel;

import clawster.runtime.limits.ClientAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a request comes from.
 *
 * @param address empty only where there was no connection
 * @param named by a proxy, and so not to be taken for this machine
 */
record Provenance(Optional<InetAddress> address, boolean named) {

  static final Provenance UNKNOWN = new Provenance(Optional.empty(), false);

  /** As limits count it. */
  ClientAddress client() {
    return address
        .map(known -> named ? ClientAddress.forwarded(known) : ClientAddress.of(known))
        .orElse(ClientAddress.UNKNOWN);
  }

  /** In full, for people. */
  Optional<String> shown() {
    return address.map(InetAddress::getHostAddress);
  }
}
