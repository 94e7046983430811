package clawster.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who is connected to a node by WebSocket. Whoever is not heard for half a minute is not
 * there.
 */
final class Connected implements WebSocket.Listener, AutoCloseable {

  /** What is heard when it is over. */
  private static final JsonNode OVER = Answer.JSON.createObjectNode().put("type", "over");

  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private WebSocket socket;

  static Connected to(RealNode node) {
    var connected = new Connected();
    var at = URI.create("ws://localhost:" + node.caller().base().getPort() + "/ws");
    connected.socket = node.caller().http().newWebSocketBuilder().buildAsync(at, connected).join();
    return connected;
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      heard.add(new Answer(0, null, part.toString()).json());
      part.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    heard.add(OVER);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    heard.add(OVER);
  }

  /** What comes of it, whatever else is told until then. */
  JsonNode ask(String method, ObjectNode params) throws InterruptedException {
    var frame = Answer.JSON.createObjectNode().put("type", "req").put("id", method);
    frame.put("method", method).set("params", params);
    socket.sendText(frame.toString(), true).join();
    return await("res");
  }

  /** The next event of that name; what comes before it is forgotten. */
  JsonNode event(String name) throws InterruptedException {
    while (true) {
      var event = await("event");
      if (event.get("event").asText().equals(name)) {
        return event.get("payload");
      }
    }
  }

  void awaitEnd() throws InterruptedException {
    await("over");
  }

  private JsonNode await(String type) throws InterruptedException {
    while (true) {
      var frame = heard.poll(30, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no " + type);
      }
      if (frame.get("type").asText().equals(type)) {
        return frame;
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
