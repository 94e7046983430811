package clawster.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Speaks to a node as any program would. An empty token sends none. */
public record Caller(HttpClient http, URI base, String token) {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  public static Caller of(URI base, String token) {
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new Caller(http, base, token);
  }

  /** A chat completion's body. */
  public static ObjectNode asking(String text) {
    return saying(message("user", text));
  }

  public static ObjectNode saying(JsonNode... messages) {
    var body = Answer.JSON.createObjectNode().put("model", "openclaw");
    body.putArray("messages").addAll(List.of(messages));
    return body;
  }

  public static ObjectNode message(String role, String text) {
    return Answer.JSON.createObjectNode().put("role", role).put("content", text);
  }

  public Answer get(String path) {
    return call("GET", path, "");
  }

  public Answer post(String path) {
    return call("POST", path, "");
  }

  public Answer chat(ObjectNode body) {
    return call("POST", "/v1/chat/completions", body.toString());
  }

  /** In a kept session. */
  public Answer chat(String session, ObjectNode body) {
    return call("POST", "/v1/chat/completions", body.toString(), "x-openclaw-session-key", session);
  }

  public Answer session(String key) {
    return get(path(key));
  }

  public static String path(String session) {
    return "/v1/sessions/" + URLEncoder.encode(session, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public Answer call(String method, String path, String body, String... headers) {
    var response = send(request(method, path, body, headers), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  public CompletableFuture<HttpResponse<String>> later(String session, ObjectNode body) {
    return http.sendAsync(
        request(
            "POST",
            "/v1/chat/completions",
            body.toString(),
            session.isEmpty() ? new String[0] : new String[] {"x-openclaw-session-key", session}),
        BodyHandlers.ofString());
  }

  /** A chat completion with whatever headers. */
  Answer chatting(ObjectNode body, String... headers) {
    return call("POST", "/v1/chat/completions", body.toString(), headers);
  }

  CompletableFuture<HttpResponse<String>> chattingLater(ObjectNode body, String... headers) {
    return http.sendAsync(
        request("POST", "/v1/chat/completions", body.toString(), headers), BodyHandlers.ofString());
  }

  /** A streamed chat completion; without a session key a stateless one. */
  public Events stream(String session, ObjectNode body) {
    return events(
        request(
            "POST",
            "/v1/chat/completions",
            body.put("stream", true).toString(),
            session.isEmpty() ? new String[0] : new String[] {"x-openclaw-session-key", session}));
  }

  /** A streamed chat completion with whatever headers. */
  public Events stream(ObjectNode body, String... headers) {
    return events(
        request("POST", "/v1/chat/completions", body.put("stream", true).toString(), headers));
  }

  public Events follow(String session, String query, String... headers) {
    return events(request("GET", path(session) + "/events" + query, "", headers));
  }

  /** Until the node, which is alone, says that all sessions have left its memory. */
  void awaitNobodyInMemory() {
    var now = Instant.now();
    Await.until(
        "all sessions have left memory",
        Duration.ofSeconds(30),
        () -> {
          var node = get("/v1/cluster").good().at("/members/0");
          return Instant.parse(node.at("/reportedAt").asText()).isAfter(now)
              && node.at("/sessions").asInt() == 0;
        });
  }

  private Events events(HttpRequest request) {
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    return new Events(response.statusCode(), response.headers(), response.body());
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.setHeader("Content-Type", "application/json");
    }
    if (!token.isEmpty()) {
      request.setHeader("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("no answer in time: " + request, e);
    }
  }
}
