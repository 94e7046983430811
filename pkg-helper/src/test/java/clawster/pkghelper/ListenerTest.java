package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ListenerTest {

  @TempDir private Path place;

  /** More often than there are seats: each refusal has to give its seat back. */
  @Test
  void aSystemWithoutThreadsCostsOneCallerAtATime() throws Exception {
    var refusals = new AtomicInteger(Limits.CONNECTIONS + 2);
    Executor threads =
        task -> {
          if (refusals.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          Thread.ofPlatform().daemon().start(task);
        };
    var audited = new ByteArrayOutputStream();
    var group =
        Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).group();
    try (var listener =
        Listener.bind(
            OwnPlace.at(place.resolve("run"), group),
            "s",
            Peers.of(OwnPlace.self()),
            threads,
            new Audit(new PrintStream(audited, true), Clock.systemUTC()))) {
      Thread.ofPlatform().daemon().start(() -> listen(listener));
      for (int refused = 0; refused < Limits.CONNECTIONS + 2; refused++) {
        assertEquals("", heard());
      }
      assertEquals("welcome\n", heard());
      assertTrue(audited.toString().contains("connection.failed"), audited::toString);
    }
  }

  private static void listen(Listener listener) {
    try {
      listener.listen((lines, _) -> lines.write("welcome", Duration.ofSeconds(5)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String heard() throws IOException {
    try (var channel =
        SocketChannel.open(UnixDomainSocketAddress.of(place.resolve("run").resolve("s")))) {
      return RunningDaemon.heard(channel);
    }
  }
}
