package clawster.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** WebSockets on {@code GET /ws} that have said who they are, and to whom nothing is said. */
record IdleSockets() implements Row {

  private static final String TARGET = "≤ 64 KB per idle WebSocket";
  private static final int SOCKETS = 500;

  /** A text frame, whole, whose mask of zeros changes nothing. */
  private static final int TEXT = 0x81;

  private static final int MASKED = 0x80;

  @Override
  public String name() {
    return "idle-ws";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.node().isEmpty()) {
      return List.of(Measurement.missing("idle WebSocket", TARGET, "no node"));
    }
    var node = setting.node().get();
    var connect = connect(node.endpoint().token().orElse(""));
    var figures =
        IdleConnections.figures(
            node,
            setting.scaled(SOCKETS),
            (socket, _) -> {
              IdleConnections.ask(socket, node.endpoint().upgrade("/ws"), 101);
              skipHeaders(socket);
              socket.getOutputStream().write(connect);
              var answer = socket.getInputStream();
              var frame = answer.readNBytes(2);
              if (frame[0] != (byte) TEXT) {
                throw new IOException("no text frame, but " + frame[0]);
              }
            });
    return List.of(new Measurement("idle WebSocket", TARGET, figures, Map.of(), ""));
  }

  private static byte[] connect(String token) throws IOException {
    var text =
        "{\"type\":\"req\",\"id\":\"1\",\"method\":\"connect\",\"params\":{\"token\":\""
            + token
            + "\"}}";
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var frame = new ByteArrayOutputStream();
    frame.write(TEXT);
    // 126: the length is in the two bytes that follow.
    frame.write(MASKED | 126);
    frame.write(bytes.length >> 8);
    frame.write(bytes.length);
    frame.write(new byte[4]);
    frame.write(bytes);
    return frame.toByteArray();
  }

  private static void skipHeaders(Socket socket) throws IOException {
    var in = socket.getInputStream();
    for (int last = 0; last != 0x0d0a0d0a; ) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("it was closed");
      }
      last = last << 8 | next;
    }
  }
}
