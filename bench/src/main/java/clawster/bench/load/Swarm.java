package clawster.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Many callers on one thread. Each has a connection, keeps it, and does its calls one after the
 * other.
 */
final class Swarm implements AutoCloseable {

  private static final int READ_BYTES = 256 * 1024;

  private final InetSocketAddress address;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
  private final Deque<Caller> notStarted = new ArrayDeque<>();
  private final List<Call> ended = new ArrayList<>();
  private int busy;

  Swarm(InetSocketAddress address) throws IOException {
    this.address = address;
    this.selector = Selector.open();
  }

  /**
   * Starts these callers evenly over the ramp and returns all calls that ended before the bound, as
   * they ended.
   */
  List<Call> run(List<Iterator<Call>> plans, Duration ramp, Duration bound) throws IOException {
    var start = System.nanoTime();
    for (var index = 0; index < plans.size(); index++) {
      notStarted.add(new Caller(plans.get(index), start + ramp.toNanos() * index / plans.size()));
    }
    while ((busy > 0 || !notStarted.isEmpty()) && System.nanoTime() - start < bound.toNanos()) {
      while (!notStarted.isEmpty() && notStarted.getFirst().startNanos() - System.nanoTime() <= 0) {
        notStarted.removeFirst().start();
      }
      selector.select(this::handle, notStarted.isEmpty() ? 100 : 1);
    }
    return List.copyOf(ended);
  }

  private void handle(SelectionKey key) {
    ((Caller) key.attachment()).proceed();
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private final class Caller {

    private final Iterator<Call> plan;
    private final long startNanos;
    private SocketChannel channel;
    private SelectionKey key;
    private Call call;
    private ResponseReader reader;
    private ByteBuffer unsent;

    Caller(Iterator<Call> plan, long startNanos) {
      this.plan = plan;
      this.startNanos = startNanos;
    }

    long startNanos() {
      return startNanos;
    }

    void start() throws IOException {
      busy++;
      connect();
      next();
    }

    /** On loopback a connection is there at once, so that connecting may block. */
    private void connect() throws IOException {
      channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    private void next() throws IOException {
      if (!plan.hasNext()) {
        busy--;
        channel.close();
        return;
      }
      if (!channel.isOpen()) {
        connect();
      }
      call = plan.next();
      reader = new ResponseReader(call);
      unsent = ByteBuffer.wrap(call.request());
      call.sent(System.nanoTime());
      send();
    }

    private void send() throws IOException {
      channel.write(unsent);
      key.interestOps(
          unsent.hasRemaining()
              ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
              : SelectionKey.OP_READ);
    }

    void proceed() {
      try {
        if (unsent.hasRemaining()) {
          send();
        }
        var count = channel.read(buffer.clear());
        var now = System.nanoTime();
        if (count < 0) {
          closed(now);
        } else if (count > 0) {
          reader.read(buffer.array(), count, now);
        }
        if (reader.isDone()) {
          ended.add(call);
          next();
        }
      } catch (IOException e) {
        giveUp(e);
      }
    }

    private void closed(long now) throws IOException {
      reader.closed(now);
      channel.close();
    }

    private void giveUp(IOException e) {
      System.err.println("a connection to " + address + " broke: " + e.getMessage());
      reader.closed(System.nanoTime());
      ended.add(call);
      busy--;
      key.cancel();
      try {
        channel.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
    }
  }
}
