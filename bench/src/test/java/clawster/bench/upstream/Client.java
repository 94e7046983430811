package clawster.bench.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Speaks both wires as a provider's client would. */
record Client(HttpClient http, String baseUrl) implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static Client of(ScriptedUpstream upstream) {
    return new Client(HttpClient.newHttpClient(), upstream.baseUrl());
  }

  static Map<String, Object> user(String text) {
    return Map.of("role", "user", "content", text);
  }

  static Map<String, Object> assistant(String text) {
    return Map.of("role", "assistant", "content", text);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return MAPPER.readTree(get(path).body());
  }

  HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
    return http.send(posting(path, body), BodyHandlers.ofString());
  }

  HttpResponse<Stream<String>> lines(String path, Object body)
      throws IOException, InterruptedException {
    return http.send(posting(path, body), BodyHandlers.ofLines());
  }

  JsonNode whole(String path, Object... messages) throws IOException, InterruptedException {
    return MAPPER.readTree(post(path, body(false, messages)).body());
  }

  /** The data of each event, {@code [DONE]} left out. */
  List<JsonNode> events(String path, Object... messages) throws IOException, InterruptedException {
    var events = new ArrayList<JsonNode>();
    for (var line : post(path, body(true, messages)).body().split("\n")) {
      if (line.startsWith("data: {")) {
        events.add(MAPPER.readTree(line.substring(6)));
      }
    }
    return events;
  }

  static Map<String, Object> body(boolean stream, Object... messages) {
    return Map.of(
        "model",
        "fake-1",
        "stream",
        stream,
        "stream_options",
        Map.of("include_usage", true),
        "messages",
        List.of(messages));
  }

  private HttpRequest posting(String path, Object body) throws IOException {
    return request(path).POST(BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body))).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(PATIENCE);
  }

  @Override
  public void close() {
    http.close();
  }
}
