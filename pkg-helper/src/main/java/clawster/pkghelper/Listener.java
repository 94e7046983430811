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
import java.util.concurrent.Executor;
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

  private final Executor threads;

  private Listener(
      ServerSocketChannel server, Path socket, Peers peers, Executor threads, Audit audit) {
    this.server = server;
    this.socket = socket;
    this.peers = peers;
    this.threads = threads;
    this.audit = audit;
  }

  /** Whoever calls has seen to it that there is no other helper: what is left there is old. */
  static Listener bind(OwnPlace place, String name, Peers peers, Audit audit) throws IOException {
    return bind(
        place, name, peers, Thread.ofPlatform().daemon().name("conversation")::start, audit);
  }

  /**
   * @param threads may refuse as the system does, by {@link OutOfMemoryError}
   */
  static Listener bind(OwnPlace place, String name, Peers peers, Executor threads, Audit audit)
      throws IOException {
    var socket = place.file(name);
    Files.deleteIfExists(socket);
    var server = bound(socket);
    place.share(socket);
    return new Listener(server, socket, peers, threads, audit);
  }

  /** Nobody sets a mode before others could connect: what it is made with is our parent's umask. */
  static ServerSocketChannel bound(Path socket) throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return server;
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
    try {
      receive(channel, lines, host);
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  private void receive(SocketChannel channel, LineChannel lines, Host host) throws IOException {
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

  /** Where the system has no thread left it may have one for the next: that costs one caller. */
  private void inThread(Semaphore room, LineChannel lines, String peer, Host host)
      throws IOException {
    try {
      threads.execute(() -> talk(room, lines, peer, host));
    } catch (OutOfMemoryError e) {
      room.release();
      throw new IOException(e.getMessage());
    }
  }

  private void talk(Semaphore room, LineChannel lines, String peer, Host host) {
    try (lines) {
      host.receive(lines, peer);
    } catch (IOException e) {
      audit.note("connection.broke", "peer", peer, "error", String.valueOf(e.getMessage()));
    } finally {
      room.release();
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
