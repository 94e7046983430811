package clawster.runtime.packages;

import clawster.packages.Programs;
import clawster.packages.Programs.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks which programs that packages need are on this node. It blocks for some seconds at most.
 * What a program said of itself holds for some minutes, unless its file becomes another; one that
 * said nothing, since the machine is busy, is asked again soon, and is what it was until then: if
 * it has never said anything, it is there without a version.
 */
public final class RuntimeProbe implements Supplier<List<LanguageRuntime>> {

  private static final Duration TO_ANSWER = Duration.ofSeconds(3);
  private static final int MAX_ANSWER = 4096;

  /** As the kernel keeps it in a file's mode. */
  private static final int TYPE = 0170000;

  private static final int SOCKET = 0140000;

  /** Some programs only stand before others, which may change behind them. */
  private static final Duration HOLDS = Duration.ofMinutes(10);

  /** So that one that hangs is not waited for at every look. */
  private static final Duration NO_ANSWER_HOLDS = Duration.ofMinutes(1);

  /**
   * @param file which one it was, and from when
   */
  private record Known(String file, LanguageRuntime told, long nanos, Duration holds) {

    boolean holds(String now, long nanosNow) {
      return file.equals(now) && nanosNow - nanos < holds.toNanos();
    }
  }

  private final RuntimeDirectory directory;
  private final Path socket;
  private final Programs programs;
  private final LongSupplier nanoTime;
  private final Duration patience;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param socket the helper's, if there is one
   */
  public RuntimeProbe(RuntimeDirectory directory, Path socket) {
    this(directory, socket, System::nanoTime, TO_ANSWER);
  }

  /**
   * @param patience how long a program may take to say what it is
   */
  RuntimeProbe(RuntimeDirectory directory, Path socket, LongSupplier nanoTime, Duration patience) {
    this.patience = patience;
    this.directory = directory;
    this.socket = socket;
    this.nanoTime = nanoTime;
    this.programs =
        new Programs(
            directory.node().path(),
            Map.of("LC_ALL", "C.UTF-8", "HOME", directory.empty().toString()),
            directory.empty(),
            "027");
  }

  @Override
  public List<LanguageRuntime> get() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<CompletableFuture<LanguageRuntime>>();
      for (var name : LanguageRuntime.NAMES) {
        answers.add(CompletableFuture.supplyAsync(() -> look(name), threads));
      }
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }

  private LanguageRuntime look(String name) {
    return name.equals(LanguageRuntime.HELPER) ? helper() : program(name);
  }

  private LanguageRuntime program(String name) {
    try {
      var found = programs.find(name);
      if (found.isEmpty()) {
        return missing(name);
      }
      var file = identity(found.get());
      var before = known.get(name);
      if (before == null || !before.holds(file, nanoTime.getAsLong())) {
        before = asked(name, file, Optional.ofNullable(before));
        known.put(name, before);
      }
      return before.told();
    } catch (IOException _) {
      return Optional.ofNullable(known.get(name)).map(Known::told).orElse(missing(name));
    }
  }

  private static String identity(Path file) throws IOException {
    var real = file.toRealPath();
    return real + " " + Files.getLastModifiedTime(real) + " " + Files.size(real);
  }

  private Known asked(String name, String file, Optional<Known> before) throws IOException {
    return switch (programs.run(List.of(name, "--version"), patience, MAX_ANSWER)) {
      case End.Exited end when end.isGood() ->
          known(file, new LanguageRuntime(name, true, version(end.output().orElse(""))), HOLDS);
      case End.Exited _ -> known(file, missing(name), NO_ANSWER_HOLDS);
      case End.Stopped _ -> known(file, asBefore(name, before), NO_ANSWER_HOLDS);
    };
  }

  private static LanguageRuntime asBefore(String name, Optional<Known> before) {
    return before
        .map(Known::told)
        .filter(LanguageRuntime::available)
        .orElse(new LanguageRuntime(name, true, ""));
  }

  private Known known(String file, LanguageRuntime told, Duration holds) {
    return new Known(file, told, nanoTime.getAsLong(), holds);
  }

  /** The first line, without where it is installed. */
  private static String version(String said) {
    var line = said.strip().lines().findFirst().orElse("");
    int place = line.indexOf(" from ");
    return Line.of(place < 0 ? line : line.substring(0, place));
  }

  private LanguageRuntime helper() {
    try {
      var mode = (int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return (mode & TYPE) == SOCKET
          ? new LanguageRuntime(LanguageRuntime.HELPER, true, "socket")
          : missing(LanguageRuntime.HELPER);
    } catch (IOException _) {
      return missing(LanguageRuntime.HELPER);
    }
  }

  private static LanguageRuntime missing(String name) {
    return new LanguageRuntime(name, false, "");
  }
}
