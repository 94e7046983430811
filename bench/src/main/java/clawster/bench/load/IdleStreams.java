package clawster.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Listeners on {@code GET /v1/sessions/{key}/events} to whom nothing is said. */
record IdleStreams() implements Row {

  private static final String TARGET = "≤ 45 KB per idle SSE";
  private static final int LISTENERS = 500;
  private static final int WARM_UP_SESSIONS = 50;

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
    var figures =
        IdleConnections.figures(
            node,
            setting.scaled(LISTENERS),
            (socket, index) -> IdleConnections.ask(socket, listening(node, keys, index), 200));
    return List.of(new Measurement("idle SSE", TARGET, figures, Map.of(), ""));
  }

  private static List<String> keys(JsonNode sessions) {
    return sessions.findValuesAsText("key").stream().distinct().toList();
  }

  private static byte[] listening(Subject node, List<String> keys, int index) {
    var key = URLEncoder.encode(keys.get(index % keys.size()), StandardCharsets.UTF_8);
    return node.endpoint().get("/v1/sessions/" + key + "/events");
  }
}
