package clawster.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What connections cost a node over which nothing is said. */
final class IdleConnections {

  private static final int FIRST = 20;

  /** Until a node has let go of what it needed to open them; it does not say when. */
  private static final Duration SETTLE = Duration.ofSeconds(5);

  private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

  /** Says what one is opened with, the nth. */
  @FunctionalInterface
  interface Opening {
    void by(Socket socket, int index) throws IOException;
  }

  private IdleConnections() {}

  /** Beside some that are open already, so that what there is once for all does not count. */
  static Map<String, Double> figures(Subject node, int count, Opening opening)
      throws IOException, InterruptedException {
    var open = new ArrayList<Socket>();
    try {
      open(node, Math.min(FIRST, count), opening, open);
      Thread.sleep(SETTLE);
      var before = open.size();
      var heap = Heap.liveBytes(node.pid());
      var pss = Processes.pssMegabytes(Set.of(node.pid()));
      open(node, count, opening, open);
      Thread.sleep(SETTLE);
      var figures = new LinkedHashMap<String, Double>();
      var added = open.size() - before;
      figures.put("connections", (double) added);
      figures.put("KB heap each", (Heap.liveBytes(node.pid()) - heap) / 1024.0 / added);
      figures.put("KB PSS each", (Processes.pssMegabytes(Set.of(node.pid())) - pss) * 1024 / added);
      return figures;
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }

  private static void open(Subject node, int count, Opening opening, List<Socket> open)
      throws IOException {
    for (var index = 0; index < count; index++) {
      var socket = new Socket();
      open.add(socket);
      socket.connect(node.endpoint().address());
      socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
      opening.by(socket, index);
    }
  }

  /** Sends it, and reads no more than the status line's beginning. */
  static void ask(Socket socket, byte[] request, int status) throws IOException {
    socket.getOutputStream().write(request);
    var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    if (!line.endsWith(" " + status)) {
      throw new IOException("it was answered " + line);
    }
  }
}
