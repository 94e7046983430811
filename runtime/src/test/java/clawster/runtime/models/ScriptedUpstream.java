package clawster.runtime.models;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that writes to the socket exactly what a test says, one script for each request. */
final class ScriptedUpstream implements AutoCloseable {

  static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  interface Script {
    void answer(Line line) throws IOException;
  }

  record Request(String head, String body) {}

  /** The socket, from the upstream's side. */
  record Line(Socket socket, CompletableFuture<Void> hungUp) {
    void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    void close() throws IOException {
      socket.close();
    }

    /** Sends RST instead of FIN. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    void awaitHangUp() throws IOException {
      try {
        while (socket.getInputStream().read() >= 0) {
          // Whatever else the client says does not matter.
        }
      } catch (IOException _) {
        // A reset is a hang-up too.
      }
      hungUp.complete(null);
    }
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final CompletableFuture<Void> asked = new CompletableFuture<>();
  final CompletableFuture<Void> hungUp = new CompletableFuture<>();
  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;
  private final Queue<Script> scripts;

  ScriptedUpstream(Script... scripts) throws IOException {
    this.scripts = new ConcurrentLinkedQueue<>(List.of(scripts));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Says this and hangs up. */
  static Script says(String text) {
    return line -> {
      line.send(text);
      line.close();
    };
  }

  static Script says(int status, String headers, String body) {
    return line ->
        line.send(
            "HTTP/1.1 "
                + status
                + " So\r\n"
                + headers
                + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body);
  }

  URI base(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      while (!socket.isClosed()) {
        requests.add(read(socket.getInputStream()));
        asked.complete(null);
        scripts.remove().answer(new Line(socket, hungUp));
      }
    } catch (IOException _) {
      // The client went away, which some tests are about.
    }
  }

  private static Request read(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      var octet = in.read();
      if (octet < 0) {
        throw new IOException("the client went away");
      }
      head.write(octet);
    }
    var text = head.toString(StandardCharsets.US_ASCII);
    var length =
        text.lines().filter(line -> line.toLowerCase().startsWith("content-length:")).findFirst();
    var body = in.readNBytes(Integer.parseInt(length.orElse(":0").split(":")[1].strip()));
    return new Request(text, new String(body, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
