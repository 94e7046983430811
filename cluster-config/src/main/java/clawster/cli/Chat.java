package clawster.cli;

import clawster.node.EnvironmentNames;
import clawster.node.Settings;
import clawster.persistence.postgres.StartRefused;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code clawster chat}: a conversation in the terminal. */
@Command(
    name = "chat",
    description = "Talk to an agent; /new starts over, /quit or end of input leaves.",
    mixinStandardHelpOptions = true)
final class Chat implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private DataOption data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Address of a node (default: the one of --data).")
  private URI url;

  @Option(names = "--agent", paramLabel = "KEY", description = "Agent (default: default).")
  private String agent = "default";

  @Option(names = "--session", paramLabel = "KEY", description = "Session to go on with.")
  private String session;

  @Parameters(arity = "0..*", paramLabel = "MESSAGE", description = "One message; then leave.")
  private String[] message;

  @Override
  public Integer call() throws Exception {
    var base =
        url != null
            ? url
            : data.running().stream()
                .flatMap(node -> node.address().stream())
                .findFirst()
                .orElseThrow(
                    () ->
                        new StartRefused("no node runs on " + data.path() + "; try ./clawster up"));
    session = session == null ? newSession() : session;
    try (var client = HttpClient.newHttpClient()) {
      if (message != null && message.length > 0) {
        return ask(client, base, String.join(" ", message)) ? 0 : 1;
      }
      return converse(client, base);
    }
  }

  private String newSession() {
    return "agent:" + agent + ":cli-" + UUID.randomUUID();
  }

  private int converse(HttpClient client, URI base) throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (true) {
      System.out.print("> ");
      System.out.flush();
      var line = in.readLine();
      if (line == null || line.strip().equals("/quit")) {
        System.out.println();
        return 0;
      }
      if (line.strip().equals("/new")) {
        session = newSession();
      } else if (!line.isBlank()) {
        ask(client, base, line);
      }
    }
  }

  private boolean ask(HttpClient client, URI base, String text)
      throws IOException, InterruptedException {
    var body = JSON.createObjectNode().put("model", "openclaw/" + agent).put("stream", true);
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    var request =
        HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .header("x-openclaw-session-key", session)
            .POST(BodyPublishers.ofString(body.toString()));
    var token = Settings.token(EnvironmentNames.environment());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<Stream<String>> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofLines());
    } catch (IOException e) {
      System.err.println("clawster: no node answers at " + base);
      return false;
    }
    boolean good = true;
    try (var lines = response.body()) {
      for (var each : (Iterable<String>) lines::iterator) {
        good &= show(response.statusCode() == 200 ? each : "data: " + each);
      }
    } catch (JsonProcessingException e) {
      System.err.println("clawster: " + base + " does not answer like a node");
      good = false;
    } catch (UncheckedIOException e) {
      System.err.println("clawster: the connection broke; the answer goes on, session " + session);
      good = false;
    }
    System.out.println();
    return good;
  }

  /** Prints what a line of the stream adds; false if it is a refusal. */
  private static boolean show(String line) throws IOException {
    if (!line.startsWith("data: ") || line.equals("data: [DONE]")) {
      return true;
    }
    var chunk = JSON.readTree(line.substring("data: ".length()));
    if (chunk.has("error")) {
      System.err.println("clawster: " + chunk.at("/error/message").asText());
      return false;
    }
    System.out.print(chunk.at("/choices/0/delta/content").asText(""));
    System.out.flush();
    return true;
  }
}
