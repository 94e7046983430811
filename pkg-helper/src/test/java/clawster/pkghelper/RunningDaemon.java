package clawster.pkghelper;

import clawster.packages.Outcome;
import clawster.packages.PackageClient;
import clawster.packages.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The helper as a process of its own, for who runs the test, under the umask of its launcher. */
final class RunningDaemon implements AutoCloseable {

  private final Path place;
  private final Path said;
  private final Process process;

  private RunningDaemon(Path place, Path said, Process process) {
    this.place = place;
    this.said = said;
    this.process = process;
  }

  /** Its command; what comes after it goes before ours. */
  static List<String> command(Path place, Object user, Object group, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-Xmn2m",
                "-Xss256k",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "clawster.pkghelper.Main",
                "--user",
                user.toString(),
                "--group",
                group.toString(),
                "--socket",
                socket(place).toString(),
                "--memory",
                place.resolve("memory").toString()));
    command.addAll(List.of(more));
    return command;
  }

  static RunningDaemon start(Path place, Object user, Object group, String... more)
      throws IOException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "umask 0117; exec \"$@\"", "sh"));
    command.addAll(command(place, user, group, more));
    return running(place, command);
  }

  static RunningDaemon running(Path place, List<String> command) throws IOException {
    var said = Files.createTempFile(place, "said", "");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    var daemon = new RunningDaemon(place, said, process);
    daemon.awaitSaid("\"event\":\"started\"");
    return daemon;
  }

  static Path socket(Path place) {
    return place.resolve("run").resolve("s");
  }

  Path socket() {
    return socket(place);
  }

  Process process() {
    return process;
  }

  String said() throws IOException {
    return Files.readString(said);
  }

  void awaitSaid(String words) throws IOException {
    Await.until(words, () -> !process.isAlive() || said().contains(words));
    if (!said().contains(words)) {
      throw new IOException("it has ended: " + said());
    }
  }

  Outcome ask(Request request) {
    return new PackageClient(socket(), Duration.ofMinutes(2)).ask(request, _ -> {});
  }

  SocketChannel connect() throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket()));
    return channel;
  }

  static void send(SocketChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** All that comes until the other side closes. */
  static String heard(SocketChannel channel) throws IOException {
    return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The next line, or what there was of it. */
  static String line(SocketChannel channel) throws IOException {
    var line = new StringBuilder();
    var one = ByteBuffer.allocate(1);
    while (channel.read(one) == 1 && one.get(0) != '\n') {
      line.append((char) one.get(0));
      one.clear();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
