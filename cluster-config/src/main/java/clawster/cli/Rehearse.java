package clawster.cli;

import clawster.node.Node;
import clawster.node.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code clawster rehearse}: starts a node, uses it and stops it, so that the JVM can record what
 * starts and first requests need.
 */
@Command(name = "rehearse", hidden = true)
final class Rehearse implements Callable<Integer> {

  private static final int ROUNDS = 10;

  private static final String CHAT =
      """
      {"model": "openclaw", "user": "%d", "stream": %b,
       "messages": [{"role": "user", "content": "What time is it?"}]}
      """;

  @Mixin private DataOption data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var node = Node.start(Settings.read(Settings.DEFAULT_BIND, 0, data.path(), Map.of()), _ -> {});
    try (var client = HttpClient.newHttpClient()) {
      var base = URI.create("http://127.0.0.1:" + node.address().getPort());
      for (int round = 0; round < ROUNDS; round++) {
        use(client, base, round);
      }
    } finally {
      node.stop();
    }
    return 0;
  }

  private static void use(HttpClient client, URI base, int round)
      throws IOException, InterruptedException {
    for (var path : new String[] {"/ready", "/", "/v1/models", "/v1/sessions"}) {
      expectSuccess(client, HttpRequest.newBuilder(base.resolve(path)).build());
    }
    expectSuccess(
        client,
        HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(CHAT.formatted(round / 5, round % 2 == 0)))
            .build());
  }

  private static void expectSuccess(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + response.statusCode());
    }
  }
}
