package clawster.bench.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * One thread for all sockets and all schedules. A thousand streams of twenty tokens a second are
 * twenty thousand small writes a second: a thread woken for each would cost more than the write.
 */
final class Loop implements Runnable, AutoCloseable {

  private static final int BACKLOG = 4096;
  private static final int STAGING_BYTES = 256 * 1024;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Counters counters = new Counters();
  private final Site site = new Site(counters);
  private final PriorityQueue<Connection> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Connection::dueNanos));
  private final Deque<Connection> ready = new ArrayDeque<>();
  private final ByteBuffer staging = ByteBuffer.allocate(STAGING_BYTES);
  private volatile boolean closing;

  Loop(int port) throws IOException {
    selector = Selector.open();
    server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  int port() {
    return server.socket().getLocalPort();
  }

  Counters counters() {
    return counters;
  }

  Site site() {
    return site;
  }

  /** The buffer all connections fill in turn: nothing in it outlives the call that filled it. */
  ByteBuffer staging(int atLeast) {
    return atLeast > STAGING_BYTES ? ByteBuffer.allocate(atLeast) : staging.clear();
  }

  /** Calls {@link Connection#proceed} when {@link Connection#dueNanos} has come. */
  void wait(Connection connection) {
    waiting.add(connection);
  }

  void forget(Connection connection) {
    waiting.remove(connection);
    ready.remove(connection);
  }

  /** Calls {@link Connection#proceed} after everyone else had a turn. */
  void yield(Connection connection) {
    ready.addLast(connection);
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        select();
        var now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().dueNanos() - now <= 0) {
          waiting.poll().proceed();
        }
        for (var turns = ready.size(); turns > 0 && !ready.isEmpty(); turns--) {
          ready.removeFirst().proceed();
        }
      }
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void select() throws IOException {
    if (!ready.isEmpty()) {
      selector.selectNow(this::handle);
    } else if (waiting.isEmpty()) {
      selector.select(this::handle);
    } else {
      var nanos = waiting.peek().dueNanos() - System.nanoTime();
      if (nanos <= 0) {
        selector.selectNow(this::handle);
      } else {
        selector.select(this::handle, nanos / 1_000_000 + 1);
      }
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
        return;
      }
      var connection = (Connection) key.attachment();
      if (key.isReadable()) {
        connection.readable();
      }
      if (key.isValid() && key.isWritable()) {
        connection.writable();
      }
    } catch (CancelledKeyException _) {
      // closed by what was just done
    }
  }

  private void accept() {
    try {
      for (var channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new Connection(this, channel, key));
      }
    } catch (IOException e) {
      System.err.println("could not accept a connection: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
  }
}
