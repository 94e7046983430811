package clawster.node;

import clawster.cluster.ClusterSettings;
import clawster.cluster.NodeAddress;
import clawster.http.kernel.Router;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * Where callers come in, and by which URLs they find it.
 *
 * @param port 0 takes a free one
 */
record FrontDoor(String bind, int port) {

  /**
   * Before anything is started: a port that is taken is the likeliest mistake of all.
   *
   * @throws StartRefused if nobody could listen there now
   */
  void checkFree() {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(bind, port));
    } catch (IOException e) {
      throw cannotListen(e);
    }
  }

  /**
   * Blocks until it listens.
   *
   * @throws StartRefused if it cannot
   */
  ServerBinding open(ActorSystem<?> system, Router router) {
    try {
      return Http.get(system)
          .newServerAt(bind, port)
          .bindFlow(router.connection())
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw cannotListen(root(e));
    }
  }

  private StartRefused cannotListen(Throwable why) {
    return new StartRefused("cannot listen on %s:%d: %s".formatted(bind, port, why.getMessage()));
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  /** For callers on this machine. */
  URI here(InetSocketAddress bound) {
    var name =
        switch (bind) {
          case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
          default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    return URI.create("http://" + name + ":" + bound.getPort() + "/");
  }

  /**
   * For other machines, as far as it knows.
   *
   * @param cluster by what they know this one
   */
  URI elsewhere(InetSocketAddress bound, ClusterSettings cluster) {
    boolean everywhere = bind.equals("0.0.0.0") || bind.equals("::");
    var host = cluster.advertised().host();
    return everywhere && cluster.tls().isPresent()
        ? URI.create("http://" + new NodeAddress(host, bound.getPort()) + "/")
        : here(bound);
  }
}
