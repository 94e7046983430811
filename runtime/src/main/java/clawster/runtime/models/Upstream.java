package clawster.runtime.models;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The way to any upstream: one HTTP client with its connections, and the terms all calls are made
 * on. Clients share it. Closing it waits for nothing.
 */
public final class Upstream implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final AnswerStream.Terms terms;

  public Upstream(Deadlines deadlines, RetryRule retries, RandomGenerator random) {
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    this.terms = new AnswerStream.Terms(http, deadlines, retries, random);
  }

  public static Upstream create() {
    return new Upstream(Deadlines.DEFAULT, RetryRule.DEFAULT, new Random());
  }

  /** An upgrade to HTTP/2 in the clear confuses local servers, so that is not tried. */
  static HttpClient.Version version(URI uri) {
    return uri.getScheme().equals("https")
        ? HttpClient.Version.HTTP_2
        : HttpClient.Version.HTTP_1_1;
  }

  Source<ModelEvent, NotUsed> stream(
      Supplier<HttpRequest> request, Supplier<UpstreamAnswer> answer, String secret) {
    return Source.fromGraph(
        new AnswerStream(() -> new AnswerStream.Call(request.get(), answer, secret), terms));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
