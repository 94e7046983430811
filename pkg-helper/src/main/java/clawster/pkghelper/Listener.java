package clawster.pkghelper;

import clawster.packages.FailureCode;
import clawster.packages.LineChannel;
import clawster.packages.Reply;
import clawster.packages.ReplyLine;
import clawster.packages.RequestLine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
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
  private final Semaphore doorway = new Semaphore(Limits.TURNED_AWAY);

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

  /**
   * Returns when it is closed. If nobody can be received any more, that is for our parent to mend.
   */
  void listen(Host host) throws IOException {
    while (true) {
      SocketChannel channel;
      try {
        channel = server.accept();
      } catch (ClosedChannelException _) {
        return;
      }
      try {
        receive(channel, host);
      } catch (IOException e) {
        channel.close();
        audit.note("connection.failed", "error", String.valueOf(e.getMessage()));
      }
    }
  }

  private void receive(SocketChannel channel, Host host) throws IOException {
    var lines = new LineChannel(channel, RequestLine.MAX_BYTES);
    var peer = Peers.at(channel);
    if (!peers.admit(peer)) {
      audit.note("peer.refused", "peer", peer.getName());
      turnAway(lines, FailureCode.PERMISSION, "this user may not ask for packages");
    } else if (!seats.tryAcquire()) {
      audit.note("connection.refused", "peer", peer.getName(), "why", "too many connections");
      turnAway(lines, FailureCode.LOCKED, "too many connections");
    } else {
      inThread(seats, lines, peer.getName(), host);
    }
  }

  /** Beyond a few at once without a word. */
  private void turnAway(LineChannel lines, FailureCode code, String error) throws IOException {
    if (!doorway.tryAcquire()) {
      lines.close();
      return;
    }
    inThread(
        doorway,
        lines,
        "",
        (_, _) -> {
          lines.write(ReplyLine.write(new Reply.Failed(code, error)), Limits.PROGRESS);
          // What is sent and not read when we close would cost the other side our reply.
          lines.read(Limits.PROGRESS);
        });
  }

  private void inThread(Semaphore room, LineChannel lines, String peer, Host host) {
    Thread.ofPlatform()
        .daemon()
        .name("conversation")
        .start(
            () -> {
              try (lines) {
                host.receive(lines, peer);
              } catch (IOException e) {
                audit.note(
                    "connection.broke", "peer", peer, "error", String.valueOf(e.getMessage()));
              } finally {
                room.release();
              }
            });
  }

  @Override
  public void close() throws IOException {
    if (server.isOpen()) {
      Files.deleteIfExists(socket);
      server.close();
    }
  }
}
