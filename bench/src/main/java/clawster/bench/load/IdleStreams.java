package clawster.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Listeners on {@code GET /v1/sessions/{key}/events} to whom nothing is said. */
record IdleStreams() implements Row {

  private static final String TARGET = "≤ 45 KB per idle SSE";
  private static final int LISTENERS = 500;
  private static final int WARM_UP_SESSIONS = 50;
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final int HEAD_TIMEOUT_MILLIS = 5_000;

  @Override
  public String name() {
    return "idle-sse";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.node().isEmpty()) {
      return List.of(Measurement.missing("idle SSE", TARGET, "no node"));
    }
    var node = setting.node().get();
    Load.on(node, Turns.callers(node, 8, WARM_UP_SESSIONS), Duration.ZERO);
    var keys = keys(Web.json(node.endpoint(), "/v1/sessions"));
    if (keys.isEmpty()) {
      return List.of(Measurement.missing("idle SSE", TARGET, "GET /v1/sessions names no key"));
    }
    return List.of(
        new Measurement(
            "idle SSE", TARGET, figures(node, keys, setting.scaled(LISTENERS)), Map.of(), ""));
  }

  private static List<String> keys(JsonNode sessions) {
    return sessions.findValuesAsText("key").stream().distinct().toList();
  }

  private static Map<String, Double> figures(Subject node, List<String> keys, int listeners)
      throws IOException, InterruptedException {
    var open = new ArrayList<Socket>();
    try {
      listen(node, keys, Math.min(20, listeners), open);
      Thread.sleep(SETTLE);
      var before = open.size();
      var heap = Heap.liveBytes(node.pid());
      var pss = Processes.pssMegabytes(Set.of(node.pid()));
      listen(node, keys, listeners, open);
      Thread.sleep(SETTLE);
      var figures = new LinkedHashMap<String, Double>();
      var added = open.size() - before;
      figures.put("listeners", (double) added);
      figures.put("KB heap each", (Heap.liveBytes(node.pid()) - heap) / 1024.0 / added);
      figures.put("KB PSS each", (Processes.pssMegabytes(Set.of(node.pid())) - pss) * 1024 / added);
      return figures;
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }

  private static void listen(Subject node, List<String> keys, int count, List<Socket> open)
      throws IOException {
    for (var index = 0; index < count; index++) {
      var key = URLEncoder.encode(keys.get(index % keys.size()), StandardCharsets.UTF_8);
      var socket = new Socket();
      open.add(socket);
      socket.connect(node.endpoint().address());
      socket.setSoTimeout(HEAD_TIMEOUT_MILLIS);
      socket.getOutputStream().write(node.endpoint().get("/v1/sessions/" + key + "/events"));
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      if (!line.endsWith(" 200")) {
        throw new IOException("GET /v1/sessions/{key}/events was answered " + line);
      }
    }
  }
}
