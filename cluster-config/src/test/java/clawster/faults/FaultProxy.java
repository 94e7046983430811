package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One link, and what is wrong with it. It knows callers by the address they dial from, so that a
 * link can be broken for one and whole for another.
 */
final class FaultProxy implements AutoCloseable {

  private final ServerSocket server;
  private final Set<FaultyConnection> open = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, FaultMode> byDialler = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile InetSocketAddress target;
  private volatile FaultMode mode = FaultMode.PASS;
  private volatile boolean closed;

  /** Stands at a free port of loopback. */
  FaultProxy(InetSocketAddress target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** What it stands for has moved; connections there are stay as they are. */
  void leadsTo(InetSocketAddress moved) {
    target = moved;
  }

  InetSocketAddress target() {
    return target;
  }

  /** For all diallers, whatever was said of single ones. */
  void set(FaultMode wanted) {
    change(
        () -> {
          byDialler.clear();
          mode = wanted;
        });
  }

  /** For who dials from this address. */
  void set(InetAddress dialler, FaultMode wanted) {
    change(() -> byDialler.put(dialler, wanted));
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    open.forEach(FaultyConnection::modeChanged);
  }

  /** Ends what is connected now and goes on as before. */
  void cutOnce() {
    open.forEach(FaultyConnection::cut);
  }

  /** Connections that were cut on purpose. */
  int cuts() {
    return cuts.get();
  }

  int connections() {
    return open.size();
  }

  /** Connections that have lost something on the way. */
  long damaged() {
    return open.stream().filter(FaultyConnection::isDamaged).count();
  }

  FaultMode mode(InetAddress dialler) {
    return byDialler.getOrDefault(dialler, mode);
  }

  void awaitChange(FaultMode current, InetAddress dialler) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && mode(dialler).equals(current)) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  void gone(FaultyConnection connection, boolean cut) {
    if (open.remove(connection) && cut) {
      cuts.incrementAndGet();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        var client = server.accept();
        Thread.ofVirtual().start(() -> join(client));
      } catch (IOException _) {
        // closed, or the caller has gone already
      }
    }
  }

  private void join(Socket client) {
    if (mode(client.getInetAddress()) instanceof FaultMode.Cut) {
      FaultyConnection.reset(client);
      return;
    }
    dial()
        .ifPresentOrElse(
            there -> {
              var connection = new FaultyConnection(this, client, there);
              open.add(connection);
              connection.modeChanged();
              connection.start();
            },
            () -> FaultyConnection.reset(client));
  }

  private Optional<Socket> dial() {
    var socket = new Socket();
    try {
      socket.connect(target, 2_000);
      return Optional.of(socket);
    } catch (IOException _) {
      FaultyConnection.reset(socket);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
    set(FaultMode.CUT);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
