package clawster.cluster;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How nodes reach each other.
 *
 * @param advertised where others reach this node; port 0 takes a free one
 * @param bind where it listens and dials from, if that is another address
 * @param tls how they know each other; empty if they speak in the clear
 */
public record ClusterSettings(
    NodeAddress advertised, Optional<NodeAddress> bind, Optional<TlsFiles> tls, Timings timings) {

  /** A node alone on its machine, or beside others there. */
  public static final ClusterSettings LOCAL =
      new ClusterSettings(
          new NodeAddress("127.0.0.1", 0), Optional.empty(), Optional.empty(), Timings.SAFE);

  /** How soon a silent node counts as dead. */
  public enum Timings {
    /** Pauses of two seconds and a half are forgiven. */
    SAFE,
    /** Pauses of 0.8 seconds are forgiven. */
    FAST;

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Timings of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The resource that says it to Pekko. */
    public String resource() {
      return "clawster/cluster/" + name().toLowerCase(Locale.ROOT) + ".conf";
    }
  }

  /** As Pekko's remoting wants it. */
  public Map<String, Object> remoting() {
    var values = new HashMap<String, Object>();
    values.put("pekko.remote.artery.canonical.hostname", advertised.host());
    values.put("pekko.remote.artery.canonical.port", advertised.port());
    tls.ifPresent(_ -> values.put("pekko.remote.artery.transport", "tls-tcp"));
    bind.ifPresent(
        address -> {
          values.put("pekko.remote.artery.bind.hostname", address.host());
          values.put("pekko.remote.artery.bind.port", address.port());
          values.put("pekko.remote.artery.advanced.tcp.outbound-client-hostname", address.host());
        });
    return values;
  }
}
