package clawster.node;

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

/** Where callers come in, and by which URLs they find it. */
record FrontDoor(Settings settings) {

  /**
   * Before anything is started: a port that is taken is the likeliest mistake of all.
   *
   * @throws StartRefused if nobody could listen there now
   */
  void checkFree() {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(settings.bind(), settings.port()));
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
          .newServerAt(settings.bind(), settings.port())
          .bindFlow(router.connection())
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw cannotListen(root(e));
    }
  }

  private StartRefused cannotListen(Throwable why) {
    return new StartRefused(
        "cannot listen on %s:%d: %s".formatted(settings.bind(), settings.port(), why.getMessage()));
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  /** For callers on this machine. */
  URI here(InetSocketAddress bound) {
    var host = settings.bind();
    var name =
        switch (host) {
          case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return URI.create("http://" + name + ":" + bound.getPort() + "/");
  }

  /** For other machines, as far as it knows. */
  URI elsewhere(InetSocketAddress bound) {
    boolean everywhere = settings.bind().equals("0.0.0.0") || settings.bind().equals("::");
    var host = settings.cluster().advertised().host();
    return everywhere && settings.cluster().tls().isPresent()
        ? URI.create("http://" + new NodeAddress(host, bound.getPort()) + "/")
        : here(bound);
  }
}
