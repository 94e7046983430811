package clawster.packages;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs package managers: found on one fixed path, with nothing of our environment, no input, a
 * group of processes of its own and a deadline for all of it.
 *
 * @param path where programs are looked for; also theirs, unless the environment has another
 * @param environment all that they are given of one
 * @param directory where they work
 * @param umask of what they make, in octal digits
 */
public record Programs(
    List<Path> path, Map<String, String> environment, Path directory, String umask) {

  /**
   * Becomes the program, word for word, when it is told to go on, and nothing if whoever should
   * tell it has died.
   */
  private static final List<String> AS_A_GROUP =
      List.of("/bin/sh", "-c", "read -r _ && umask \"$0\" && exec \"$@\" </dev/null");

  private static final Duration OUTPUT_AFTER_THE_END = Duration.ofSeconds(2);

  /** How long a program that is stopped has to end by itself. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  public Programs {
    path = List.copyOf(path);
    environment = Map.copyOf(environment);
  }

  /** What they make may be read by everybody. */
  public Programs(List<Path> path, Map<String, String> environment) {
    this(path, environment, Path.of("/"), "022");
  }

  /** The manager of this system. */
  public static Optional<BackEnd> detect(List<Path> path) {
    return BackEnd.ALL.stream()
        .filter(end -> end.programs().stream().allMatch(name -> find(path, name).isPresent()))
        .findFirst();
  }

  private static Optional<Path> find(List<Path> path, String program) {
    return path.stream()
        .map(directory -> directory.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** The file that is run by that name. */
  public Optional<Path> find(String program) {
    return find(path, program);
  }

  /** How a program ended. */
  public sealed interface End {

    /**
     * @param said the last of both outputs, what goes wrong last
     * @param isWhole whether its outputs were read to their ends
     * @param output all of its output, without its errors; empty unless it was asked for, and no
     *     longer than that
     */
    record Exited(int code, String said, boolean isWhole, Optional<String> output) implements End {
      public boolean isGood() {
        return code == 0;
      }
    }

    /** By us, at its deadline. */
    record Stopped() implements End {}
  }

  public interface Watcher {
    /** It is there and has not begun; it never will if this throws. */
    void starts(ProcessHandle worker) throws IOException;

    /** A line of its output, cut; called by one thread. */
    void said(String line);

    /** A line of its errors, cut; called by another. */
    default void complained(String line) {}
  }

  public static Watcher watching(Consumer<String> lines) {
    return new Watcher() {
      @Override
      public void starts(ProcessHandle worker) {}

      @Override
      public void said(String line) {
        lines.accept(line);
      }
    };
  }

  public End run(List<String> command, Duration within, Watcher watcher) throws IOException {
    return run(command, within, watcher, 0);
  }

  /**
   * @param maxOutput how many bytes of output are kept, if there are no more
   */
  public End run(List<String> command, Duration within, int maxOutput) throws IOException {
    return run(command, within, watching(_ -> {}), maxOutput);
  }

  private End run(List<String> command, Duration within, Watcher watcher, int maxOutput)
      throws IOException {
    try {
      return run(start(command), within, watcher, maxOutput);
    } catch (OutOfMemoryError e) {
      throw new IOException("no thread or process is left", e);
    }
  }

  private static End run(Process process, Duration within, Watcher watcher, int maxOutput)
      throws IOException {
    try {
      var out = new Output(process.getInputStream(), maxOutput, watcher::said);
      var errors = new Output(process.getErrorStream(), 0, watcher::complained);
      begin(process, watcher);
      boolean exited = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
      if (!exited) {
        stop(process.toHandle());
      }
      // A service that was installed may have been started, and keep our pipes open.
      boolean whole = out.await(OUTPUT_AFTER_THE_END) & errors.await(OUTPUT_AFTER_THE_END);
      return exited
          ? new End.Exited(
              process.exitValue(), out.last() + "\n" + errors.last(), whole, out.whole())
          : new End.Stopped();
    } catch (OutOfMemoryError e) {
      process.destroyForcibly();
      throw e;
    } catch (InterruptedException e) {
      stop(process.toHandle());
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void begin(Process process, Watcher watcher) throws IOException {
    try (var toldToGoOn = process.getOutputStream()) {
      watcher.starts(process.toHandle());
      toldToGoOn.write('\n');
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private Process start(List<String> command) throws IOException {
    var words = new ArrayList<>(AS_A_GROUP);
    words.add(umask);
    words.add(program("setsid"));
    words.add(program(command.getFirst()));
    words.addAll(command.subList(1, command.size()));
    var builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", path.stream().map(Path::toString).collect(Collectors.joining(":")));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String program(String name) throws IOException {
    return find(path, name).orElseThrow(() -> new IOException("there is no " + name)).toString();
  }

  /** Asks its whole group to end, then makes it; also whoever left the group. */
  public static void stop(ProcessHandle leader) {
    var others = leader.descendants().toList();
    signal("TERM", leader);
    await(leader, LAST_WORDS);
    signal("KILL", leader);
    others.forEach(ProcessHandle::destroyForcibly);
    leader.destroyForcibly();
    await(leader, LAST_WORDS);
  }

  public static void await(ProcessHandle process, Duration within) {
    try {
      process.onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // It goes on; whoever waits looks whether it does.
    }
  }

  /** Java signals processes, not groups. */
  private static void signal(String name, ProcessHandle leader) {
    var kill =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "kill -s \"$1\" -- \"-$2\"",
                "sh",
                name,
                String.valueOf(leader.pid()))
            .redirectError(Redirect.DISCARD);
    kill.environment().clear();
    try {
      kill.start().waitFor(5, TimeUnit.SECONDS);
    } catch (IOException _) {
      leader.destroyForcibly();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
