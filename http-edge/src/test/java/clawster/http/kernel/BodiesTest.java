package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import clawster.runtime.kernel.Failures;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.pattern.Patterns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are given up, by a node too busy to say at once why. */
@Timeout(60)
final class BodiesTest {

  private static final long LIMIT = 1_000;

  /** Longer than a connection is left to live after that by itself, 100 ms. */
  private static final Duration BUSY = Duration.ofMillis(300);

  private static final ActorTestKit KIT = ActorTestKit.create();

  private static final Bodies BODIES = bodies(Duration.ofSeconds(20));
  private static final Bodies HURRIED = bodies(Duration.ofMillis(400));

  private static ServerBinding binding;

  @BeforeAll
  static void bind() {
    binding =
        Http.get(KIT.system())
            .newServerAt("127.0.0.1", 0)
            .bind(BodiesTest::answer)
            .toCompletableFuture()
            .join();
  }

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static Bodies bodies(Duration patience) {
    return new Bodies(
        KIT.system(),
        new Limits(Duration.ofMinutes(1), Duration.ofMinutes(1), patience, 1_000_000));
  }

  private static CompletionStage<HttpResponse> answer(HttpRequest request) {
    return (request.getUri().path().equals("/hurried") ? HURRIED : BODIES)
        .read(
            request,
            LIMIT,
            body ->
                CompletableFuture.completedStage(
                    HttpResponse.create().withEntity(body.utf8String())))
        .exceptionallyCompose(
            failure ->
                Patterns.after(
                    BUSY, KIT.system(), () -> CompletableFuture.completedStage(refusal(failure))));
  }

  private static HttpResponse refusal(Throwable failure) {
    var why = ((BadRequest) Failures.cause(failure)).problem().code();
    return HttpResponse.create().withStatus(400).withEntity(why);
  }

  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

  private static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("whole", "Content-Length: 5\r\n\r\nwhole"),
        arguments("in pieces", CHUNKED + "3\r\nin \r\n6\r\npieces\r\n0\r\n\r\n"),
        arguments("request.body", CHUNKED + "zz\r\n"),
        arguments("request.body", CHUNKED + "2\r\nokzz\r\n"),
        arguments("request.slow", "Content-Length: 5\r\n\r\nwhol"),
        arguments("request.slow", CHUNKED + "2\r\nok\r\n"),
        arguments("request.too_large", "Content-Length: 2000\r\n\r\n" + "x".repeat(2_000)),
        arguments(
            "request.too_large",
            CHUNKED + ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").repeat(34)));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isSaidWhateverBecomesOfIt(String answer, String body) throws IOException {
    var path = answer.equals("request.slow") ? "/hurried" : "/";
    try (var socket = new Socket("127.0.0.1", binding.localAddress().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + body)
                  .getBytes(StandardCharsets.ISO_8859_1));
      var said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(answer, said.substring(said.indexOf("\r\n\r\n") + 4), said);
    }
  }
}
