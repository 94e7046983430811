package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The links between nodes. Where a node can be reached stands a proxy; it knows who calls, because
 * node 1 dials from 127.0.0.11, node 2 from 127.0.0.12 and so on. A single node has none.
 */
final class Peers implements AutoCloseable {

  private final List<FaultProxy> inFront;

  private Peers(List<FaultProxy> inFront) {
    this.inFront = inFront;
  }

  static Peers of(int nodes) {
    return new Peers(
        nodes == 1
            ? List.of()
            : IntStream.rangeClosed(1, nodes)
                .mapToObj(k -> new FaultProxy(new InetSocketAddress(own(k), freePort(own(k)))))
                .toList());
  }

  private static InetAddress own(int node) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (10 + node)});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort(InetAddress at) {
    try (var socket = new ServerSocket(0, 1, at)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, String> environment(int node) {
    if (inFront.isEmpty()) {
      return Map.of();
    }
    var proxy = inFront.get(node - 1);
    var bind = proxy.target();
    return Map.of(
        "CLAWSTER_CLUSTER_HOST",
        "127.0.0.1",
        "CLAWSTER_CLUSTER_PORT",
        String.valueOf(proxy.port()),
        "CLAWSTER_CLUSTER_BIND",
        bind.getAddress().getHostAddress() + ":" + bind.getPort(),
        "CLAWSTER_CLUSTER_TIMINGS",
        Given.timings().name().toLowerCase(Locale.ROOT));
  }

  /** What one node sends another. */
  void between(int from, int to, FaultMode mode) {
    inFront.get(to - 1).set(own(from), mode);
  }

  /** Both ways, between this node and every other. */
  void around(int node, FaultMode mode) {
    for (int other = 1; other <= inFront.size(); other++) {
      if (other != node) {
        between(node, other, mode);
        between(other, node, mode);
      }
    }
  }

  /** Every link loses its connections once, mid-frame, after so many more bytes. */
  void all(FaultMode mode) {
    inFront.forEach(proxy -> proxy.set(mode));
  }

  void heal() {
    all(FaultMode.PASS);
  }

  @Override
  public void close() {
    inFront.forEach(FaultProxy::close);
  }
}
