package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class PackageClientTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Request REQUEST = new Request("install", "hello", true);

  @TempDir private Path place;
  private ServerSocketChannel server;

  @BeforeEach
  void bind() throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket()));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Path socket() {
    return place.resolve("s");
  }

  private interface Speech {
    void to(LineChannel client) throws IOException;
  }

  /** That talks to one client; if that one goes before it is done, the client's outcome tells. */
  private Thread helper(Speech speech) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (var lines = new LineChannel(server.accept(), 1000)) {
                speech.to(lines);
              } catch (IOException _) {
                // The client has gone.
              }
            });
  }

  /** What the client makes of a helper that says this once it has heard the request. */
  private Outcome asking(Duration patience, List<String> progress, Speech speech) throws Exception {
    var helper =
        helper(
            lines -> {
              lines.read(LONG);
              speech.to(lines);
            });
    var outcome = new PackageClient(socket(), patience).ask(REQUEST, progress::add);
    helper.join();
    return outcome;
  }

  private Outcome asking(Speech speech) throws Exception {
    return asking(LONG, new ArrayList<>(), speech);
  }

  @Test
  void progressAndThenTheOutcome() throws Exception {
    var progress = new ArrayList<String>();
    var hello = new PackageState("hello", Optional.of("2.10"), Optional.empty());
    var outcome =
        asking(
            LONG,
            progress,
            client -> {
              client.write(ReplyLine.write(new Reply.Progress("one")), LONG);
              client.write(ReplyLine.write(new Reply.Progress("two")), LONG);
              client.write(ReplyLine.write(new Reply.Done(List.of(hello))), LONG);
            });
    assertEquals(new Outcome.Done(List.of(hello)), outcome);
    assertEquals(List.of("one", "two"), progress);
  }

  @Test
  void aFailureIsOne() throws Exception {
    var failed = new Reply.Failed(FailureCode.NETWORK, "no way");
    assertEquals(
        new Outcome.Failed(FailureCode.NETWORK, "no way"),
        asking(client -> client.write(ReplyLine.write(failed), LONG)));
  }

  @Test
  void whoHearsNothingDoesNotKnow() throws Exception {
    assertInstanceOf(Outcome.Unknown.class, asking(_ -> {}));
    assertInstanceOf(
        Outcome.Unknown.class,
        asking(client -> client.write("{\"progress\":\"half\"}\n{\"ok\":tr", LONG)));
    assertInstanceOf(
        Outcome.Unknown.class,
        asking(Duration.ofMillis(50), new ArrayList<>(), client -> client.read(LONG)));
  }

  @Test
  void whoHearsNonsenseDoesNotKnow() throws Exception {
    assertInstanceOf(Outcome.Unknown.class, asking(client -> client.write("{\"hello\":1}", LONG)));
    assertInstanceOf(
        Outcome.Unknown.class,
        asking(client -> client.write("x".repeat(ReplyLine.MAX_BYTES + 1), LONG)));
  }

  /** What was never sent was never done. */
  @Test
  void whereNobodyListensNothingIsUnknown() throws Exception {
    server.close();
    var outcome = new PackageClient(socket(), LONG).ask(REQUEST, _ -> {});
    assertEquals(
        FailureCode.HELPER_UNAVAILABLE, assertInstanceOf(Outcome.Failed.class, outcome).code());
    var nowhere = new PackageClient(place.resolve("x".repeat(200)), LONG).ask(REQUEST, _ -> {});
    assertInstanceOf(Outcome.Failed.class, nowhere);
  }

  @Test
  void whoIsNotLetInDoesNotWaitForEver() throws Exception {
    try (var still = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      var address = UnixDomainSocketAddress.of(place.resolve("still"));
      still.bind(address, 1);
      var queue = new ArrayList<SocketChannel>();
      for (int i = 0; i < 2; i++) {
        queue.add(SocketChannel.open(address));
      }
      var outcome = new PackageClient(place.resolve("still"), LONG).ask(REQUEST, _ -> {});
      assertEquals(
          FailureCode.HELPER_UNAVAILABLE, assertInstanceOf(Outcome.Failed.class, outcome).code());
      for (var each : queue) {
        each.close();
      }
    }
  }

  /** It is told at the door, before it has said anything. */
  @Test
  void whoIsTurnedAwayHearsWhy() throws Exception {
    var reply = ReplyLine.write(new Reply.Failed(FailureCode.PERMISSION, "not you"));
    var helper = helper(lines -> lines.write(reply, LONG));
    var outcome = new PackageClient(socket(), LONG).ask(REQUEST, _ -> {});
    helper.join();
    assertTrue(
        outcome instanceof Outcome.Failed(var code, var error)
            && code == FailureCode.PERMISSION
            && error.equals("not you"),
        outcome::toString);
  }
}
