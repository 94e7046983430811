package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.LineChannel.Read;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class LineChannelTest {

  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path place;
  private SocketChannel there;
  private LineChannel here;

  @BeforeEach
  void connect() throws IOException {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      var address = UnixDomainSocketAddress.of(place.resolve("s"));
      server.bind(address);
      there = SocketChannel.open(address);
      here = new LineChannel(server.accept(), 100);
    }
  }

  @AfterEach
  void close() throws IOException {
    there.close();
    here.close();
  }

  private void send(String text) throws IOException {
    there.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesComeOneByOne() throws IOException {
    send("a\n\nßc\nd");
    assertEquals(new Read.Line("a"), here.read(LONG));
    assertEquals(new Read.Line(""), here.read(LONG));
    assertEquals(new Read.Line("ßc"), here.read(LONG));
    assertEquals(new Read.Late(), here.read(SOON));
    there.close();
    assertEquals(new Read.End(), here.read(LONG));
  }

  @Test
  void aLineMayHaveItsBytesAndNoMore() throws IOException {
    send("x".repeat(100) + "\n" + "y".repeat(101) + "\n");
    assertEquals(new Read.Line("x".repeat(100)), here.read(LONG));
    assertEquals(new Read.Unreadable(), here.read(LONG));
  }

  @Test
  void whatIsNoUtf8IsNoLine() throws IOException {
    there.write(ByteBuffer.wrap(new byte[] {'a', (byte) 0xc0, (byte) 0x80, '\n'}));
    assertEquals(new Read.Unreadable(), here.read(LONG));
  }

  /** A letter now and then does not renew anything. */
  @Test
  void aSlowLineIsLateAsAWhole() throws Exception {
    var drip =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 90; i++) {
                      send("x");
                      synchronized (this) {
                        wait(5);
                      }
                    }
                  } catch (IOException | InterruptedException _) {
                    // The other side has had enough.
                  }
                });
    assertEquals(new Read.Late(), here.read(SOON));
    drip.interrupt();
    drip.join();
  }

  @Test
  void whoDoesNotReadIsNotWaitedFor() throws IOException {
    boolean taken = true;
    for (int i = 0; taken && i < 10_000; i++) {
      taken = here.write("x".repeat(10_000), SOON);
    }
    assertFalse(taken);
  }

  @Test
  void whatIsWrittenArrives() throws IOException {
    assertTrue(here.write("ok", LONG));
    var bytes = ByteBuffer.allocate(10);
    there.read(bytes);
    assertEquals("ok\n", new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
  }
}
