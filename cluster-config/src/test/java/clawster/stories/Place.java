package clawster.stories;

import clawster.bench.upstream.ScriptedUpstream;
import clawster.node.Node;
import clawster.node.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A node with a scripted upstream behind it, in a directory of its own. */
record Place(Path data, ScriptedUpstream upstream, Node node, Caller caller)
    implements AutoCloseable {

  static final String TOKEN = "the-token-of-the-stories";

  static Place open() {
    try {
      var data = DataDirectories.make("clawster-story-");
      var upstream = ScriptedUpstream.start(0);
      var environment =
          Map.of(
              "CLAWSTER_GATEWAY_TOKEN", TOKEN,
              "CLAWSTER_DISCONNECT_GRACE_SECONDS", "0",
              "CLAWSTER_SESSION_IDLE_SECONDS", "1",
              "OPENAI_API_KEY", "key-of-the-scripted-upstream",
              "OPENAI_BASE_URL", upstream.baseUrl() + "/v1");
      var settings = Settings.read(Settings.DEFAULT_BIND, 0, data, environment);
      var node = Node.start(settings, _ -> {});
      var base = URI.create("http://127.0.0.1:" + node.address().getPort());
      return new Place(data, upstream, node, Caller.of(base, TOKEN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the upstream has counted. */
  JsonNode counted() {
    return Caller.of(URI.create(upstream.baseUrl()), "").get("/__stats").good();
  }

  @Override
  public void close() throws IOException {
    caller.http().shutdownNow();
    node.stop();
    upstream.close();
    DataDirectories.delete(data);
  }
}
