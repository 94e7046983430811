package clawster.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.faults.FaultMode.Way;
import clawster.stories.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behind the proxy is a server that sends back what it gets. */
@Timeout(20)
final class FaultProxyTest {

  private static final int SILENCE_MILLIS = 300;

  private final ServerSocket echo = listening();
  private final FaultProxy proxy =
      new FaultProxy(new InetSocketAddress("127.0.0.1", echo.getLocalPort()));

  private static ServerSocket listening() {
    try {
      var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> echo(server));
      return server;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void echo(ServerSocket server) {
    try {
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException _) {
                    // the caller has gone
                  }
                });
      }
    } catch (IOException _) {
      // the test is over
    }
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    echo.close();
  }

  private Socket dial() throws IOException {
    var socket = new Socket("127.0.0.1", proxy.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String asked(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes());
    return new String(socket.getInputStream().readNBytes(text.length()));
  }

  private static void isNotAnswered(Socket socket, String text) throws IOException {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThrows(SocketTimeoutException.class, () -> asked(socket, text));
    socket.setSoTimeout(patience);
  }

  @Test
  void passes() throws IOException {
    try (var socket = dial()) {
      assertEquals("hello", asked(socket, "hello"));
      assertEquals(0, proxy.cuts());
    }
  }

  @Test
  void delaysBothWays() throws IOException {
    try (var socket = dial()) {
      proxy.set(new FaultMode.Delay(Duration.ofMillis(50)));
      long asked = System.nanoTime();
      assertEquals("late", asked(socket, "late"));
      assertTrue(System.nanoTime() - asked >= Duration.ofMillis(100).toNanos());
    }
  }

  @Test
  void dropsOneWayAndCutsWhatItDamagedAfterwards() throws IOException {
    try (var socket = dial()) {
      proxy.set(new FaultMode.Drop(Way.REQUESTS));
      isNotAnswered(socket, "lost");
      Await.until("it is lost", () -> proxy.damaged() == 1);
      proxy.set(FaultMode.PASS);
      assertEnds(socket);
    }
    try (var socket = dial()) {
      assertEquals("whole", asked(socket, "whole"));
    }
  }

  @Test
  void holdsWithoutLosingAnything() throws IOException {
    try (var socket = dial()) {
      proxy.set(FaultMode.STALL);
      isNotAnswered(socket, "held");
      proxy.set(FaultMode.PASS);
      assertEquals("held", new String(socket.getInputStream().readNBytes(4)));
    }
  }

  @Test
  void cutsWhatThereIsAndTakesNothingNew() throws IOException {
    try (var socket = dial()) {
      asked(socket, "hello");
      proxy.set(FaultMode.CUT);
      assertEnds(socket);
      try (var another = dial()) {
        assertEnds(another);
      }
      proxy.set(FaultMode.PASS);
      assertEquals(1, proxy.cuts());
    }
    try (var socket = dial()) {
      assertEquals("again", asked(socket, "again"));
    }
  }

  @Test
  void cutsInTheMiddle() throws IOException {
    proxy.set(new FaultMode.CutAfter(7));
    try (var socket = dial()) {
      assertEquals("abc", asked(socket, "abc"));
      socket.getOutputStream().write("defgh".getBytes());
      // The fourth byte has passed, and its echo may have come back before the cut.
      assertTrue(rest(socket).length() <= 1);
      Await.until("it is cut", () -> proxy.cuts() == 1);
    }
  }

  @Test
  void isSlow() throws IOException {
    try (var socket = dial()) {
      proxy.set(new FaultMode.Slow(2_000));
      var sent = new byte[400];
      Arrays.fill(sent, (byte) 'x');
      long asked = System.nanoTime();
      socket.getOutputStream().write(sent);
      assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
      assertTrue(System.nanoTime() - asked >= Duration.ofMillis(180).toNanos());
    }
  }

  @Test
  void losesTheAnswerToACommit() throws IOException {
    try (var socket = dial()) {
      proxy.set(FaultMode.LoseAnswer.toCommit());
      assertEquals("BEGIN", asked(socket, "BEGIN"));
      socket.getOutputStream().write("COMMIT\0".getBytes());
      assertEnds(socket);
    }
    assertEquals(1, proxy.cuts());
  }

  @Test
  void knowsWhoDials() throws IOException {
    var first = InetAddress.getByName("127.0.0.11");
    proxy.set(first, FaultMode.CUT);
    try (var refused = new Socket("127.0.0.1", proxy.port(), first, 0);
        var taken = new Socket("127.0.0.1", proxy.port(), InetAddress.getByName("127.0.0.12"), 0)) {
      refused.setSoTimeout(10_000);
      assertEnds(refused);
      assertEquals("taken", asked(taken, "taken"));
    }
  }

  @Test
  void cutsOnceAndGoesOn() throws IOException {
    try (var socket = dial()) {
      asked(socket, "hello");
      proxy.cutOnce();
      assertEnds(socket);
    }
    try (var socket = dial()) {
      assertEquals("again", asked(socket, "again"));
    }
    Await.until("nobody is connected", () -> proxy.connections() == 0);
  }

  private static String rest(Socket socket) {
    var rest = new StringBuilder();
    try {
      for (int next = socket.getInputStream().read();
          next >= 0;
          next = socket.getInputStream().read()) {
        rest.append((char) next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection is still there", e);
    } catch (IOException _) {
      // reset
    }
    return rest.toString();
  }

  private static void assertEnds(Socket socket) {
    try {
      assertEquals(-1, socket.getInputStream().read());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection is still there", e);
    } catch (IOException _) {
      // reset
    }
  }
}
