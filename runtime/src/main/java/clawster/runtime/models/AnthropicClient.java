package clawster.runtime.models;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Anthropic's messages. Claude 3 and before continue a trailing assistant message; later models
 * refuse it.
 */
public final class AnthropicClient implements ModelClient {

  private static final String API_VERSION = "2023-06-01";
  private static final List<String> CONTINUING_FAMILIES =
      List.of("claude-3", "claude-2", "claude-instant");

  private final Upstream upstream;
  private final URI endpoint;
  private final String key;

  /**
   * @param base where the API lives, without {@code /v1}
   */
  public AnthropicClient(Upstream upstream, URI base, String key) {
    this.upstream = upstream;
    this.endpoint = URI.create(base + "/v1/messages");
    this.key = key;
  }

  /** {@code POST {base}/v1/messages}. */
  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return upstream.stream(() -> call(request), AnthropicAnswer::new, key);
  }

  @Override
  public ModelCapabilities capabilities(String model) {
    return new ModelCapabilities(CONTINUING_FAMILIES.stream().anyMatch(model::startsWith));
  }

  private HttpRequest call(ModelRequest request) {
    return HttpRequest.newBuilder(endpoint)
        .version(Upstream.version(endpoint))
        .header("Content-Type", "application/json")
        .header("Accept", "text/event-stream")
        .header("anthropic-version", API_VERSION)
        .header("x-api-key", key)
        .POST(HttpRequest.BodyPublishers.ofByteArray(AnthropicQuestion.body(request)))
        .build();
  }
}
