package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verbs, as a person types them. With nothing configured the demo model answers. */
@Timeout(120)
final class CommandLineTest {

  private static final Pattern DETACHED =
      Pattern.compile("Clawster is up at (\\S+) \\(pid (\\d+), log (\\S+)\\)");

  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Path data;

  @BeforeEach
  void begin() throws IOException {
    data = DataDirectories.make("clawster-command-");
  }

  @AfterEach
  void end() throws IOException {
    DataDirectories.delete(data);
  }

  private Program.Ended clawster(String... verb) {
    var arguments = new ArrayList<>(List.of(verb));
    arguments.add("--data");
    arguments.add(data.toString());
    return Program.run(arguments.toArray(String[]::new));
  }

  private static void assertOneLine(int code, String pattern, Program.Ended ended) {
    assertEquals(code, ended.code(), ended.said());
    var lines =
        ended.said().lines().filter(line -> !line.startsWith("clawster: data is in ")).toList();
    assertEquals(1, lines.size(), ended.said());
    assertTrue(lines.getFirst().matches(pattern), ended.said());
  }

  /** Starts in the background; the node's process. */
  private ProcessHandle detached() {
    var ended = clawster("up", "--detach", "--port", "0");
    assertEquals(0, ended.code(), ended.said());
    var up = DETACHED.matcher(ended.said());
    assertTrue(up.matches(), ended.said());
    return ProcessHandle.of(Long.parseLong(up.group(2))).orElseThrow();
  }

  @Test
  void aNodeGoesOnInTheBackgroundUntilItIsStopped() throws IOException {
    var node = detached();
    try {
      assertOneLine(
          0, "ready at http://localhost:\\d+/ \\(pid " + node.pid() + "\\)", clawster("status"));
      assertOneLine(
          1, "clawster: a node already runs on .*" + node.pid() + ".*", clawster("up", "--detach"));
      assertOneLine(
          1,
          "clawster: Node 1 of the data directory .* is in use by process " + node.pid() + "; .*",
          clawster("up", "--port", "0"));
      var address = Files.readString(data.resolve("node.address"));
      aModelWithoutANetworkAnswers(Caller.of(URI.create(address), ""));
      var said = clawster("chat", "Who", "are", "you?");
      assertEquals(0, said.code(), said.said());
      assertTrue(said.said().contains("demo model"), said.said());
      kill(node);
      assertOneLine(1, "no node runs on .*", clawster("status"));
      assertIsJson(logFile());
      Files.delete(logFile());
      Files.createSymbolicLink(logFile(), Path.of("/dev/full"));
      node = detached();
      assertOneLine(0, "ready at .*", clawster("status"));
      assertSaidOnce("The log file cannot be written, .*No space left on device");
      assertOneLine(0, "stopped", clawster("stop"));
      assertFalse(node.isAlive());
      assertOneLine(1, "no node runs on .*", clawster("stop"));
    } finally {
      kill(node);
    }
  }

  private Path logFile() {
    return data.resolve("logs/node-1.jsonl");
  }

  private static void assertIsJson(Path log) throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
    var lines = Files.readAllLines(log);
    assertFalse(lines.isEmpty(), "a node that has started has logged something");
    for (var line : lines) {
      var json = STRICT.readTree(line);
      assertTrue(json.path("time").asText().matches("[\\d-]{10}T[\\d:]{8}\\.\\d{3}Z"), line);
      assertTrue(json.path("level").asText().matches("INFO|WARN|ERROR"), line);
      assertEquals("node-1", json.path("node").asText(), line);
      assertTrue(json.has("logger") && json.has("thread") && json.has("message"), line);
    }
  }

  /** On the console. */
  private void assertSaidOnce(String pattern) throws IOException {
    var said = Files.readString(data.resolve("node.log"));
    assertEquals(1, Pattern.compile(pattern).matcher(said).results().count(), said);
  }

  private static void kill(ProcessHandle node) {
    node.destroyForcibly();
    node.onExit().join();
  }

  private static void aModelWithoutANetworkAnswers(Caller caller) {
    var key = "agent:default:demo";
    try (var stream = caller.stream(key, Caller.asking("call datetime {}"))) {
      assertTrue(stream.toTheEnd().size() > 10, "it streams");
    }
    var messages = caller.session(key).good().at("/messages");
    assertEquals("datetime", messages.at("/1/tool_calls/0/name").asText());
    assertTrue(messages.at("/2/content").asText().contains("UTC"), messages.toString());
    assertTrue(messages.at("/3/content").asText().contains("The tool **datetime** answered"));
  }

  @Test
  void aProcessThatGotAKilledNodesIdIsNotTakenForIt() throws IOException {
    var stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(data.resolve("node.pid"), stranger.pid() + "\n");
      Files.writeString(data.resolve("node.address"), "http://localhost:1/");
      Files.createFile(data.resolve("node.lock"));
      assertOneLine(1, "no node runs on .*", clawster("status"));
      assertOneLine(1, "no node runs on .*", clawster("stop"));
      assertTrue(stranger.isAlive());
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aPortThatIsTakenIsSaidInOneLine() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      assertOneLine(
          1,
          "clawster: cannot listen on 127\\.0\\.0\\.1:" + port + ": Address already in use.*",
          clawster("up", "--port", port));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --port 99999999999         | 2 | clawster: Invalid value for option '--port': '99999999999' is not an int; see clawster up --help
          --port 65536               | 1 | clawster: the port must be from 0 to 65535, not 65536
          --bind 0.0.0.0             | 1 | clawster: binding 0.0.0.0 without a token .*
          --bind no.such.host.invalid| 1 | clawster: binding no.such.host.invalid without a token .*
          --config /nowhere/c.conf   | 1 | clawster: the settings file /nowhere/c.conf cannot be read
          --colour red               | 2 | clawster: Unknown options: '--colour', 'red'; see clawster up --help
          """)
  void whatCannotBeIsSaidInOneLine(String arguments, int code, String line) {
    assertOneLine(code, line, clawster(("up " + arguments).split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { "port": | clawster: the settings file .* is not valid: .*
          prot = 1  | clawster: unknown setting prot in .*
          port = x  | clawster: CLAWSTER_PORT must be a number, not x
          """)
  void aSettingsFileThatIsWrongIsSaidInOneLine(String text, String line) throws IOException {
    var file = Files.writeString(data.resolve("clawster.conf"), text);
    assertOneLine(1, line, clawster("up", "--config", file.toString()));
  }

  @Test
  void aWrongVariableIsSaidInOneLine() {
    try (var program =
        Program.start(
            Map.of("CLAWSTER_SESSION_IDLE_SECONDS", "99999999999"),
            "up",
            "--data",
            data.toString())) {
      assertOneLine(
          1,
          "clawster: CLAWSTER_SESSION_IDLE_SECONDS: a number of seconds from 1 to 86400 is"
              + " expected, not 99999999999",
          program.end());
    }
  }
}
