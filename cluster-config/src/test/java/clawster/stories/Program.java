package clawster.stories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code clawster} as a process of its own; what it says goes to a file. */
final class Program implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String UP = "Clawster is up at ";

  private final Process process;
  private final Path said;

  private Program(Map<String, String> environment, List<String> arguments) {
    var command = new ArrayList<>(FastStart.java());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    var variables = builder.environment();
    variables.keySet().removeIf(name -> name.matches("(CLAWSTER|GOCLAW|OPENAI|ANTHROPIC)_.*"));
    variables.put("CLASSPATH", FastStart.classPath());
    variables.putAll(environment);
    try {
      said = Files.createTempFile("clawster-said-", ".log");
      process = builder.redirectOutput(said.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Program start(Map<String, String> environment, String... arguments) {
    return new Program(environment, List.of(arguments));
  }

  /** Runs to its end. */
  static Ended run(String... arguments) {
    try (var program = start(Map.of(), arguments)) {
      return program.end();
    }
  }

  /**
   * @param said all lines
   */
  record Ended(int code, String said) {}

  Ended end() {
    Await.until("it has ended", PATIENCE, () -> !process.isAlive());
    return new Ended(process.exitValue(), said().strip());
  }

  /** Where the node serves, once it does. */
  URI address() {
    Await.until(
        "it is up", PATIENCE, () -> !process.isAlive() || said().matches("(?s).*" + UP + ".*\n.*"));
    return said()
        .lines()
        .filter(line -> line.startsWith(UP))
        .map(line -> URI.create(line.substring(UP.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it did not come up:\n" + said()));
  }

  private String said() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
