package clawster.faults;

import clawster.stories.Await;
import clawster.stories.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One node: a process, what stands between it and the world, and a supervisor that starts it again
 * when it ends by itself. It does not when the rig has ended it.
 */
final class RigNode implements AutoCloseable {

  private static final Duration UP_WITHIN = Duration.ofSeconds(60);
  private static final Duration ENDING = Duration.ofSeconds(2);
  private static final String UP = "Clawster is up at ";

  private final int number;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path said;
  private final AtomicInteger restarts = new AtomicInteger();
  private final FaultProxy database;
  private final FaultProxy upstream;
  private volatile Process process;
  private volatile boolean wanted;
  private volatile boolean paused;
  private volatile int lastExit;
  private volatile long endedAt;
  private volatile long saidBefore;

  RigNode(
      int number,
      List<String> command,
      Map<String, String> environment,
      Path said,
      FaultProxy database,
      FaultProxy upstream) {
    this.number = number;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.said = said;
    this.database = database;
    this.upstream = upstream;
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
  }

  int number() {
    return number;
  }

  /** Its link to PostgreSQL. */
  FaultProxy database() {
    return database;
  }

  FaultProxy upstream() {
    return upstream;
  }

  synchronized void start() {
    wanted = true;
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
    var variables = builder.environment();
    variables.keySet().removeIf(name -> name.matches("(CLAWSTER|GOCLAW|OPENAI|ANTHROPIC)_.*"));
    variables.putAll(environment);
    try {
      saidBefore = Files.exists(said) ? Files.size(said) : 0;
      var started = builder.start();
      process = started;
      started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void ended(Process ended) {
    if (ended == process) {
      lastExit = ended.exitValue();
      endedAt = System.nanoTime();
      if (wanted) {
        restarts.incrementAndGet();
        start();
      }
    }
  }

  /** How often the supervisor started it again. */
  int restarts() {
    return restarts.get();
  }

  int lastExit() {
    return lastExit;
  }

  /** When it ended last, on the clock of {@link Op}. */
  long ended() {
    return endedAt;
  }

  boolean isUp() {
    return address().isPresent();
  }

  /**
   * A process that is being ended closes one socket after the other, and the one it listens on may
   * still take a connection that it will never answer: who was just left without an answer waits
   * until it is gone, if it goes.
   */
  void awaitEnding() {
    try {
      process.onExit().get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // It lives.
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  void awaitUp() {
    Await.until("node " + number + " is up; see " + said, UP_WITHIN, this::isUp);
  }

  /** Where this incarnation serves, once it does. */
  Optional<URI> address() {
    if (!process.isAlive()) {
      return Optional.empty();
    }
    try (var file = Files.newByteChannel(said)) {
      file.position(saidBefore);
      var bytes = java.nio.ByteBuffer.allocate((int) Math.min(1 << 16, file.size() - saidBefore));
      file.read(bytes);
      var text = new String(bytes.array(), 0, bytes.position());
      int at = text.indexOf(UP);
      int end = text.indexOf('\n', at);
      return at < 0 || end < 0
          ? Optional.empty()
          : Optional.of(URI.create(text.substring(at + UP.length(), end)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  Caller caller() {
    return Caller.of(address().orElseThrow(), "");
  }

  long pid() {
    return process.pid();
  }

  /** Ends it and leaves it so. */
  void kill() {
    unwanted().ifPresent(killed -> killed.destroyForcibly().onExit().join());
  }

  private synchronized Optional<Process> unwanted() {
    wanted = false;
    return Optional.ofNullable(process);
  }

  /** As {@code kill -9} and a supervisor would. */
  void crash() {
    process.destroyForcibly().onExit().join();
  }

  /** Callers see that it does not answer and go elsewhere; those that wait for it wait on. */
  boolean takesCallers() {
    return !paused && isUp();
  }

  void pause() {
    paused = true;
    Signals.send("-STOP", List.of(process.toHandle()));
  }

  void resume() {
    Signals.send("-CONT", List.of(process.toHandle()));
    paused = false;
  }

  /** SIGTERM; how long it took to end. */
  Duration terminate() {
    var told = unwanted().orElseThrow();
    long start = System.nanoTime();
    Signals.send("-TERM", List.of(told.toHandle()));
    told.onExit().join();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  String said() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      resume();
    }
    kill();
    database.close();
    upstream.close();
  }
}
