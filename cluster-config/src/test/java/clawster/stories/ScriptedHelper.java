package clawster.stories;

import clawster.packages.LineChannel;
import clawster.packages.PackageState;
import clawster.packages.Reply;
import clawster.packages.ReplyLine;
import clawster.packages.Request;
import clawster.packages.RequestLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Speaks as the package helper does, and installs nothing but names. */
final class ScriptedHelper implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path socket;
  private final ServerSocketChannel server;
  private final ConcurrentSkipListSet<String> there = new ConcurrentSkipListSet<>();
  private final AtomicBoolean dying = new AtomicBoolean();
  private final AtomicInteger installations = new AtomicInteger();

  ScriptedHelper() {
    try {
      socket = Files.createTempDirectory("clawster-helper-").resolve("packages.sock");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::listen);
  }

  Path socket() {
    return socket;
  }

  /** What it has installed. */
  List<String> there() {
    return List.copyOf(there);
  }

  int installations() {
    return installations.get();
  }

  /** Of the next installation nobody hears how it ended. */
  void dieAfterIt() {
    dying.set(true);
  }

  private void listen() {
    try {
      while (true) {
        var caller = server.accept();
        Thread.ofVirtual().start(() -> converse(caller));
      }
    } catch (IOException _) {
      // It is closed.
    }
  }

  private void converse(SocketChannel caller) {
    try (var lines = new LineChannel(caller, RequestLine.MAX_BYTES)) {
      if (lines.read(PATIENCE) instanceof LineChannel.Read.Line(var line)) {
        answer(RequestLine.read(line).orElseThrow(), lines);
      }
    } catch (IOException _) {
      // Whoever asked has gone.
    }
  }

  private void answer(Request request, LineChannel lines) throws IOException {
    switch (request.action()) {
      case "install" -> {
        unpack(request.name(), lines);
        there.add(request.name());
        installations.incrementAndGet();
        if (!dying.getAndSet(false)) {
          say(lines, new Reply.Done(List.of(state(request.name()))));
        }
      }
      case "uninstall" -> {
        there.remove(request.name());
        say(lines, new Reply.Done(List.of()));
      }
      default -> say(lines, new Reply.Done(there.stream().map(ScriptedHelper::state).toList()));
    }
  }

  /** For as long as those who listen at another node may need to be known there. */
  private static void unpack(String name, LineChannel lines) throws IOException {
    for (int i = 0; i < 10; i++) {
      say(lines, new Reply.Progress("Unpacking " + name));
      LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
    }
  }

  private static PackageState state(String name) {
    return new PackageState(name, Optional.of("2.10-3"), Optional.empty());
  }

  private static void say(LineChannel lines, Reply reply) throws IOException {
    lines.write(ReplyLine.write(reply), PATIENCE);
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    Files.deleteIfExists(socket.getParent());
  }
}
