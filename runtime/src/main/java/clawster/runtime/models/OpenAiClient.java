package clawster.runtime.models;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * OpenAI's chat completions, and every server that offers them. Whether such a server continues a
 * trailing assistant message is its own affair: we ask it to go on instead, unless told otherwise.
 */
public final class OpenAiClient implements ModelClient {

  private final Upstream upstream;
  private final URI endpoint;
  private final Optional<String> key;
  private final ModelCapabilities capabilities;

  /**
   * @param base where the API begins, ending in {@code /v1}
   * @param key none for a local server, which then sees no Authorization header
   */
  public OpenAiClient(
      Upstream upstream, URI base, Optional<String> key, ModelCapabilities capabilities) {
    this.upstream = upstream;
    this.endpoint = URI.create(base + "/chat/completions");
    this.key = key;
    this.capabilities = capabilities;
  }

  /** {@code POST {base}/chat/completions}. */
  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return upstream.stream(() -> call(request), OpenAiAnswer::new, key.orElse(""));
  }

  @Override
  public ModelCapabilities capabilities(String model) {
    return capabilities;
  }

  private HttpRequest call(ModelRequest request) {
    var call =
        HttpRequest.newBuilder(endpoint)
            .version(Upstream.version(endpoint))
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(OpenAiQuestion.body(request)));
    key.ifPresent(secret -> call.header("Authorization", "Bearer " + secret));
    return call.build();
  }
}
