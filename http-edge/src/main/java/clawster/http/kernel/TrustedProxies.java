package clawster.http.kernel;

import clawster.runtime.limits.IpLiteral;
import clawster.runtime.limits.Network;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Where a request comes from. Headers are believed only when a proxy of ours sends them, and of the
 * hops they name the last one that is no proxy of ours counts: what stands before it the client may
 * have written itself.
 *
 * @param networks the proxies of ours
 */
public record TrustedProxies(List<Network> networks) {

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  static final TrustedProxies NONE = new TrustedProxies(List.of());

  boolean trusts(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /**
   * A proxy of ours may pass on a header that it does not write. So, where two headers name two
   * clients, neither is believed, and it is the proxy that counts.
   */
  Provenance provenance(HttpRequest request) {
    return peer(request)
        .map(peer -> trusts(peer) ? behind(peer, request) : at(peer, false))
        .orElse(Provenance.UNKNOWN);
  }

  private static Provenance at(InetAddress address, boolean named) {
    return new Provenance(Optional.of(address), named);
  }

  private Provenance behind(InetAddress proxy, HttpRequest request) {
    var named =
        Stream.of(
                hops(request, "x-forwarded-for"),
                forwarded(request, "for"),
                hops(request, "x-real-ip"))
            .flatMap(hops -> client(hops).stream())
            .toList();
    var strangers = named.stream().filter(address -> !trusts(address)).distinct().toList();
    return switch (strangers.size()) {
      case 0 ->
          named.stream()
              .findFirst()
              .map(first -> at(first, true))
              .orElseGet(() -> at(proxy, false));
      case 1 -> at(strangers.getFirst(), true);
      default -> at(proxy, true);
    };
  }

  /** Whether the caller speaks TLS, to a proxy of ours. */
  boolean isHttps(HttpRequest request) {
    return peer(request).filter(this::trusts).isPresent()
        && Stream.of(hops(request, "x-forwarded-proto"), forwarded(request, "proto"))
            .filter(hops -> !hops.isEmpty())
            .findFirst()
            .filter(hops -> hops.getLast().equalsIgnoreCase("https"))
            .isPresent();
  }

  private static Optional<InetAddress> peer(HttpRequest request) {
    return request.getAttribute(AttributeKeys.remoteAddress).flatMap(peer -> peer.getAddress());
  }

  /** The last hop that is none of ours; the first one where all are. */
  private Optional<InetAddress> client(List<String> hops) {
    Optional<InetAddress> nearest = Optional.empty();
    for (var hop : hops.reversed()) {
      var address = address(hop);
      if (address.isEmpty()) {
        return nearest;
      }
      nearest = address;
      if (!trusts(address.get())) {
        return nearest;
      }
    }
    return nearest;
  }

  private static List<String> hops(HttpRequest request, String name) {
    return Headers.values(request, name)
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(hop -> !hop.isEmpty())
        .toList();
  }

  /** RFC 7239: {@code for="[2001:db8::1]:4711";proto=https, for=192.0.2.43}. */
  private static List<String> forwarded(HttpRequest request, String parameter) {
    return hops(request, "forwarded").stream()
        .flatMap(
            hop ->
                Arrays.stream(hop.split(";"))
                    .map(String::strip)
                    .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith(parameter + "="))
                    .map(pair -> pair.substring(parameter.length() + 1).replace("\"", "")))
        .toList();
  }

  /** With or without brackets and a port. */
  private static Optional<InetAddress> address(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? Optional.empty() : IpLiteral.of(hop.substring(1, end));
    }
    int colon = hop.indexOf(':');
    return IpLiteral.of(
        colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop);
  }
}
