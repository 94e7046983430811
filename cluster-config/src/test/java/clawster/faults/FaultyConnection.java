package clawster.faults;

import clawster.faults.FaultMode.Way;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Two sockets and, for each way, a thread that does with what comes as the proxy's mode says. */
final class FaultyConnection {

  private static final int PIECE = 1 << 14;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket server;
  private final InetAddress dialler;
  private final AtomicLong passed = new AtomicLong();
  private volatile FaultMode counted;
  private volatile boolean damaged;

  FaultyConnection(FaultProxy proxy, Socket client, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    this.dialler = client.getInetAddress();
    this.counted = proxy.mode(dialler);
  }

  void start() {
    Thread.ofVirtual().start(() -> pump(client, server, Way.REQUESTS));
    Thread.ofVirtual().start(() -> pump(server, client, Way.ANSWERS));
  }

  /** What lost something on the way cannot be whole again. */
  void modeChanged() {
    var mode = proxy.mode(dialler);
    if (!mode.equals(counted)) {
      counted = mode;
      passed.set(0);
    }
    if (mode instanceof FaultMode.Cut || damaged) {
      cut();
    }
  }

  boolean isDamaged() {
    return damaged;
  }

  private void pump(Socket from, Socket to, Way way) {
    boolean cut = false;
    try {
      from.setTcpNoDelay(true);
      var in = from.getInputStream();
      var out = to.getOutputStream();
      var buffer = new byte[PIECE];
      for (int n = in.read(buffer); n >= 0 && !cut; n = cut ? -1 : in.read(buffer)) {
        cut = !passes(Arrays.copyOf(buffer, n), way, out);
      }
    } catch (IOException _) {
      // either side has gone; the other follows
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      end(cut);
    }
  }

  /** False if the connection is to be cut here. */
  private boolean passes(byte[] piece, Way way, OutputStream out)
      throws IOException, InterruptedException {
    var mode = proxy.mode(dialler);
    return switch (mode) {
      case FaultMode.Pass _ -> write(out, piece, piece.length);
      case FaultMode.Delay(Duration by) -> {
        LockSupport.parkNanos(by.toNanos());
        yield write(out, piece, piece.length);
      }
      case FaultMode.Drop(Way dropped) -> {
        damaged |= dropped == way;
        yield dropped == way || write(out, piece, piece.length);
      }
      case FaultMode.Stall _ -> {
        proxy.awaitChange(mode, dialler);
        yield !proxy.isClosed() && passes(piece, way, out);
      }
      case FaultMode.Cut _ -> false;
      case FaultMode.CutAfter(long bytes) -> {
        long before = passed.getAndAdd(piece.length);
        int left = Math.clamp(bytes - before, 0, piece.length);
        write(out, piece, left);
        yield left == piece.length;
      }
      case FaultMode.Slow(int perSecond) -> slowly(out, piece, perSecond);
      case FaultMode.LoseAnswer lose ->
          (way == Way.REQUESTS || !contains(piece, lose.wanted()))
              && write(out, piece, piece.length);
    };
  }

  private static boolean write(OutputStream out, byte[] piece, int length) throws IOException {
    out.write(piece, 0, length);
    return true;
  }

  private static boolean slowly(OutputStream out, byte[] piece, int perSecond) throws IOException {
    int each = Math.max(1, perSecond / 20);
    for (int at = 0; at < piece.length; at += each) {
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() * each / perSecond);
      out.write(piece, at, Math.min(each, piece.length - at));
    }
    return true;
  }

  private static boolean contains(byte[] piece, byte[] wanted) {
    for (int at = 0; at <= piece.length - wanted.length; at++) {
      if (Arrays.equals(piece, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  void cut() {
    end(true);
  }

  private void end(boolean cut) {
    proxy.gone(this, cut);
    if (cut) {
      reset(client);
      reset(server);
    } else {
      close(client);
      close(server);
    }
  }

  /** Hangs up as a machine does that has lost its power and found it again. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // it is closed already
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is gone, which is what we wanted
    }
  }
}
