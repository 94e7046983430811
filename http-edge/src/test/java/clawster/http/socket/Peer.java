package clawster.http.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of GoClaw's protocol, as a dashboard is one. */
final class Peer implements WebSocket.Listener, AutoCloseable {

  static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private WebSocket socket;

  static Peer at(int port) {
    var peer = new Peer();
    peer.socket =
        CLIENT
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + port + "/ws"), peer)
            .join();
    return peer;
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      heard.add(part.toString());
      part.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.complete(-1);
  }

  Peer say(String text) {
    socket.sendText(text.replace('\'', '"'), true).join();
    return this;
  }

  /** In pieces, the last of which is empty. */
  Peer sayInPieces(String piece, int times) {
    for (int each = 0; each < times; each++) {
      socket.sendText(piece, false).join();
    }
    socket.sendText("", true).join();
    return this;
  }

  /** The beginning of a message. */
  void part(String text) {
    socket.sendText(text.replace('\'', '"'), false).join();
  }

  void partIfOpen(String text, boolean last) {
    try {
      socket.sendText(text, last).join();
    } catch (CompletionException _) {
      // It was closed before.
    }
  }

  Peer sayBytes(byte... bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    return this;
  }

  JsonNode hear() throws Exception {
    var text = heard.poll(10, TimeUnit.SECONDS);
    if (text == null) {
      throw new AssertionError("nothing is said");
    }
    return JSON.readTree(text);
  }

  /** What comes of a request. */
  JsonNode ask(String method, String params) throws Exception {
    say("{'type':'req','id':'1','method':'" + method + "','params':" + params + "}");
    return hear();
  }

  boolean hearsNothing() throws InterruptedException {
    return heard.poll(300, TimeUnit.MILLISECONDS) == null;
  }

  /** The code that it is closed with, whatever is said before. */
  int end() throws Exception {
    return closed.get(10, TimeUnit.SECONDS);
  }

  boolean isOpen() {
    return !closed.isDone();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
