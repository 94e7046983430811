package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What tests of installers begin with. */
final class Given {

  static final InstallLimits LIMITS =
      new InstallLimits(Duration.ofMinutes(3), Duration.ofMinutes(1));

  private Given() {}

  static PackageSpec spec(String text) {
    return PackageSpec.parse(text).orElseThrow();
  }

  static void assumeProgram(String name) {
    assumeTrue(
        new NodeEnvironment(Map.of("PATH", System.getenv("PATH")))
            .path().stream().anyMatch(place -> Files.isExecutable(place.resolve(name))),
        () -> "SKIPPED: there is no " + name + " here");
  }

  /**
   * A program that is a script, on a path of its own before the machine's. A child writes it: what
   * this process writes another test's child may have open for a moment, and then it is busy.
   */
  static Map<String, String> scripted(Path place, String program, String script)
      throws IOException {
    var bin = Files.createDirectories(place.resolve("scripts"));
    var writer =
        new ProcessBuilder(
                "sh", "-c", "cat >\"$0\" && chmod 755 \"$0\"", bin.resolve(program).toString())
            .start();
    try (var input = writer.outputWriter()) {
      input.write("#!/bin/sh\n" + script);
    }
    assertEquals(0, writer.onExit().join().exitValue());
    return Map.of("PATH", bin + ":/usr/bin:/bin");
  }

  static String version(Outcome outcome) {
    var done = assertInstanceOf(Outcome.Done.class, outcome, outcome::toString);
    return done.packages().getFirst().installed().orElse("none");
  }

  static Outcome.Failed failed(FailureCode code, Outcome outcome) {
    var failed = assertInstanceOf(Outcome.Failed.class, outcome, outcome::toString);
    assertEquals(code, failed.code(), failed::error);
    return failed;
  }

  /** As tools of agents will run: with the directory's environment and nothing else. */
  static String run(RuntimeDirectory directory, String... command) throws Exception {
    var environment = new HashMap<>(directory.environment());
    var builder =
        new ProcessBuilder(Stream.concat(Stream.of("env"), Stream.of(command)).toList())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes());
    process.waitFor(1, TimeUnit.MINUTES);
    return said.strip();
  }

  static List<String> names(Installer installer) throws IOException {
    return installer.list().stream().map(InstalledPackage::name).toList();
  }
}
