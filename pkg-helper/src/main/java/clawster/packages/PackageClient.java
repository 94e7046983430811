package clawster.packages;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the helper, one request for each connection, and blocks until it knows the outcome or has to
 * say that it does not.
 *
 * @param patience how long to wait for an outcome; more than the helper takes at most
 */
public record PackageClient(Path socket, Duration patience) {

  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final Duration TO_SEND = Duration.ofSeconds(5);

  /**
   * @param progress is told each line while the helper works, if the request asks for them
   */
  public Outcome ask(Request request, Consumer<String> progress) {
    try (var lines = connect()) {
      return send(lines, request, progress);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return unavailable("cannot be reached: " + e.getMessage());
    }
  }

  private LineChannel connect() throws IOException {
    SocketAddress address = UnixDomainSocketAddress.of(socket);
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      connect(channel, address);
      return new LineChannel(channel, ReplyLine.MAX_BYTES);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * A helper that stands still, with a queue before its door, lets nobody in and sends nobody away.
   */
  private static void connect(SocketChannel channel, SocketAddress address) throws IOException {
    var in = new CountDownLatch(1);
    Thread.ofVirtual().start(() -> closeUnless(in, channel));
    try {
      channel.connect(address);
    } finally {
      in.countDown();
    }
  }

  private static void closeUnless(CountDownLatch in, SocketChannel channel) {
    try {
      if (!in.await(TO_CONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
        channel.close();
      }
    } catch (IOException | InterruptedException _) {
      // Whoever connects finds out.
    }
  }

  /** From the first byte on nobody can say that it was not received. */
  private Outcome send(LineChannel lines, Request request, Consumer<String> progress) {
    try {
      return isSent(lines, request)
          ? outcome(lines, progress)
          : new Outcome.Unknown("the helper does not listen");
    } catch (IOException e) {
      return new Outcome.Unknown("the connection broke: " + e.getMessage());
    }
  }

  /** Who is turned away finds the reason to read on a connection that is closed already. */
  private static boolean isSent(LineChannel lines, Request request) {
    try {
      return lines.write(RequestLine.write(request), TO_SEND);
    } catch (IOException _) {
      return true;
    }
  }

  private Outcome outcome(LineChannel lines, Consumer<String> progress) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      var read = lines.read(Duration.ofNanos(end - System.nanoTime()));
      if (!(read instanceof LineChannel.Read.Line(var line))) {
        return new Outcome.Unknown(
            read instanceof LineChannel.Read.Late
                ? "the helper has not answered in time"
                : "the helper went away without an answer");
      }
      switch (ReplyLine.read(line).orElse(null)) {
        case null -> {
          return new Outcome.Unknown("the helper's answer cannot be read");
        }
        case Reply.Progress(var said) -> progress.accept(said);
        case Reply.Done(var packages) -> {
          return new Outcome.Done(packages);
        }
        case Reply.Failed(var code, var error) -> {
          return new Outcome.Failed(code, error);
        }
      }
    }
  }

  private static Outcome unavailable(String why) {
    return new Outcome.Failed(FailureCode.HELPER_UNAVAILABLE, "the package helper " + why);
  }
}
