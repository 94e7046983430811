package clawster.bench.load;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A package helper of our own; closing stops it. */
record HelperProcess(Process process, Path socket, double millisToAnswer) implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Returns at its first answer. */
  static HelperProcess start(List<String> command, Path place)
      throws IOException, InterruptedException {
    var socket = place.resolve("run").resolve("s");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(place.resolve("helper.log").toFile());
    var began = System.nanoTime();
    var process = builder.start();
    while (true) {
      try {
        ask(socket, "{\"action\":\"list\"}");
        return new HelperProcess(process, socket, (System.nanoTime() - began) / 1e6);
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
          new HelperProcess(process, socket, 0).close();
          throw new IOException("no answer; see " + place.resolve("helper.log"), e);
        }
        Thread.sleep(1);
      }
    }
  }

  /** The line that answers. */
  String ask(String request) throws IOException {
    return ask(socket, request);
  }

  private static String ask(Path socket, String request) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.shutdownOutput();
      var answer = ByteBuffer.allocate(1024 * 1024);
      while (channel.read(answer) >= 0) {
        // Until it closes: one request, one line.
      }
      var line = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8).strip();
      if (line.isEmpty()) {
        throw new IOException("closed without an answer");
      }
      return line;
    }
  }

  /** The command that its parent keeps running. */
  List<String> javaWords() {
    return Processes.commandLine(java());
  }

  double megabytes() {
    return Processes.residentMegabytes(java());
  }

  private long java() {
    return process
        .children()
        .findFirst()
        .map(ProcessHandle::pid)
        .orElseThrow(() -> new IllegalStateException("nothing runs under the helper's parent"));
  }

  @Override
  public void close() {
    var java = process.children().toList();
    process.destroy();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    java.forEach(ProcessHandle::destroyForcibly);
  }
}
