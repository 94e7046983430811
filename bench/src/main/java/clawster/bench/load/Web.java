package clawster.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Questions asked now and then, where cost per call does not matter. */
final class Web {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private Web() {}

  static JsonNode json(Endpoint endpoint, String path) throws IOException, InterruptedException {
    var response = CLIENT.send(request(endpoint, path, PATIENCE), BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("GET " + path + " was answered " + response.statusCode());
    }
    return MAPPER.readTree(response.body());
  }

  static void post(Endpoint endpoint, String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(request(endpoint, path, PATIENCE), (_, _) -> true)
            .POST(BodyPublishers.noBody())
            .build();
    int status = CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("POST " + path + " was answered " + status);
    }
  }

  static JsonNode send(Endpoint endpoint, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(request(endpoint, path, PATIENCE), (_, _) -> true)
            .method(method, BodyPublishers.ofString(body))
            .header("content-type", "application/json")
            .build();
    var response = CLIENT.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + " was answered " + response.statusCode());
    }
    return MAPPER.readTree(response.body());
  }

  /** The status, absent where nobody answers. */
  static Optional<Integer> status(Endpoint endpoint, String path) throws InterruptedException {
    try {
      return Optional.of(
          CLIENT
              .send(request(endpoint, path, Duration.ofSeconds(1)), BodyHandlers.discarding())
              .statusCode());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static HttpRequest request(Endpoint endpoint, String path, Duration patience) {
    var request = HttpRequest.newBuilder(endpoint.base().resolve(path)).timeout(patience).GET();
    endpoint.token().ifPresent(token -> request.header("authorization", "Bearer " + token));
    return request.build();
  }
}
