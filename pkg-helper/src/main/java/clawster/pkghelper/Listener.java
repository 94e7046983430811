package clawster.pkghelper;

import clawster.packages.FailureCode;
import clawster.packages.LineChannel;
import clawster.packages.Reply;
import clawster.packages.ReplyLine;
import clawster.packages.RequestLine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** The socket, and who gets as far as a conversation. */
final class Listener implements AutoCloseable {

  @FunctionalInterface
  interface Host {
    /** Returns when there is no more to say. */
    void receive(LineChannel lines, String peer) throws IOException;
  }

  private final ServerSocketChannel server;
  private final Path socket;
  private final Peers peers;
  private final Audit audit;
  private final Semaphore seats = new Semaphore(Limits.CONNECTIONS);

  private Listener(ServerSocketChannel server, Path socket, Peers peers, Audit audit) {
    this.server = server;
    this.socket = socket;
    this.peers = peers;
    this.audit = audit;
  }

  /** Whoever calls has seen to it that there is no other helper: what is left there is old. */
  static Listener bind(OwnPlace place, String name, Peers peers, Audit audit) throws IOException {
    var socket = place.file(name);
    Files.deleteIfExists(socket);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    place.share(socket);
    return new Listener(server, socket, peers, audit);
  }

  /** Returns when it is closed. */
  void listen(Host host) {
    while (server.isOpen()) {
      try {
        receive(server.accept(), host);
      } catch (IOException e) {
        if (server.isOpen()) {
          audit.note("connection.failed", "error", String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private void receive(SocketChannel channel, Host host) throws IOException {
    var lines = new LineChannel(channel, RequestLine.MAX_BYTES);
    var peer = Peers.of(channel);
    if (!peers.admit(peer)) {
      audit.note("peer.refused", "peer", peer.getName());
      refuse(lines, FailureCode.PERMISSION, "this user may not ask for packages");
    } else if (!seats.tryAcquire()) {
      audit.note("connection.refused", "peer", peer.getName(), "why", "too many connections");
      refuse(lines, FailureCode.LOCKED, "too many connections");
    } else {
      Thread.ofPlatform()
          .daemon()
          .name("conversation")
          .start(() -> receive(lines, peer.getName(), host));
    }
  }

  /** A new connection has room for a line, so this keeps nobody waiting. */
  private static void refuse(LineChannel lines, FailureCode code, String error) throws IOException {
    try (lines) {
      lines.write(ReplyLine.write(new Reply.Failed(code, error)), Limits.PROGRESS);
    }
  }

  private void receive(LineChannel lines, String peer, Host host) {
    try (lines) {
      host.receive(lines, peer);
    } catch (IOException e) {
      audit.note("connection.broke", "peer", peer, "error", String.valueOf(e.getMessage()));
    } finally {
      seats.release();
    }
  }

  @Override
  public void close() throws IOException {
    if (server.isOpen()) {
      Files.deleteIfExists(socket);
      server.close();
    }
  }
}
