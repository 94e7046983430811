package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
final class RuntimeProbeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir private Path place;

  private List<LanguageRuntime> found(Map<String, String> environment, Path socket)
      throws IOException {
    var node = new NodeEnvironment(environment);
    return new RuntimeProbe(
            RuntimeDirectory.open(place.resolve("runtime"), node), socket, () -> 0L, PATIENCE)
        .get();
  }

  @Test
  void nothingIsThere() throws IOException {
    assertEquals(
        LanguageRuntime.NAMES.stream().map(name -> new LanguageRuntime(name, false, "")).toList(),
        found(Map.of("PATH", place.toString()), place.resolve("none")));
  }

  @Test
  void versionsAreWhatTheyFirstSay() throws Exception {
    Given.scripted(place, "python3", "echo Python 3.11; echo more");
    Given.scripted(place, "pip3", "echo 'pip 23.2 from /somewhere/else (python 3.11)'");
    Given.scripted(place, "node", "echo v20.1; exit 1");
    var environment = Given.scripted(place, "npm", "trap '' TERM; while :; do sleep 1; done");
    var socket = place.resolve("s");
    try (var helper = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      helper.bind(UnixDomainSocketAddress.of(socket));
      assertEquals(
          List.of(
              new LanguageRuntime("python3", true, "Python 3.11"),
              new LanguageRuntime("pip3", true, "pip 23.2"),
              new LanguageRuntime("node", false, ""),
              new LanguageRuntime("npm", true, ""),
              new LanguageRuntime("pkg-helper", true, "socket")),
          found(environment, socket));
    }
  }

  @Test
  void aProgramIsNotAskedAgainUntilItsFileIsAnother() throws Exception {
    var asked = place.resolve("asked");
    var environment = Given.scripted(place, "python3", "echo x >> " + asked + "; echo Python 3");
    var probe =
        new RuntimeProbe(
            RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment)),
            place.resolve("none"),
            () -> 0L,
            PATIENCE);
    var python = new LanguageRuntime("python3", true, "Python 3");
    assertEquals(python, probe.get().getFirst());
    assertEquals(python, probe.get().getFirst());
    assertEquals(1, Files.readAllLines(asked).size());
    Given.scripted(place, "python3", "echo Python 3.1");
    assertEquals(new LanguageRuntime("python3", true, "Python 3.1"), probe.get().getFirst());
  }

  @Test
  void whoSaysNothingIsWhatItWas() throws Exception {
    var slow = Files.createFile(place.resolve("slow"));
    var environment =
        Given.scripted(
            place, "python3", "if [ -e " + slow + " ]; then exec sleep 60; fi; echo Python 3");
    var now = new AtomicLong();
    var probe =
        new RuntimeProbe(
            RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment)),
            place.resolve("none"),
            now::get,
            PATIENCE);
    var missing = new LanguageRuntime("python3", false, "");
    var python = new LanguageRuntime("python3", true, "Python 3");
    var silent = new LanguageRuntime("python3", true, "");
    assertEquals(silent, probe.get().getFirst(), "who starts a cluster starts all at once");
    Files.delete(slow);
    assertEquals(silent, probe.get().getFirst(), "it is not asked at once");
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(python, probe.get().getFirst());
    Files.createFile(slow);
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    assertEquals(python, probe.get().getFirst(), "it was there");
    Given.scripted(place, "python3", "exit 1");
    assertEquals(missing, probe.get().getFirst(), "it says that it is not");
    Given.scripted(place, "python3", "exec sleep 60");
    assertEquals(silent, probe.get().getFirst(), "it says so no more");
    Given.scripted(place, "python3", "echo Python 3");
    assertEquals(python, probe.get().getFirst());
  }

  @Test
  void aHelperThatComesIsSeenAtOnce() throws IOException {
    var socket = place.resolve("s");
    var probe =
        new RuntimeProbe(
            RuntimeDirectory.open(
                place.resolve("runtime"), new NodeEnvironment(Map.of("PATH", place.toString()))),
            socket);
    assertFalse(probe.get().getLast().available());
    try (var helper = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      helper.bind(UnixDomainSocketAddress.of(socket));
      assertTrue(probe.get().getLast().available());
    }
  }

  @Test
  void aFileIsNoHelper() throws IOException {
    var file = Files.createFile(place.resolve("s"));
    assertEquals(
        new LanguageRuntime("pkg-helper", false, ""),
        found(Map.of("PATH", place.toString()), file).getLast());
  }
}
